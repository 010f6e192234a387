"""The toast, the badge and the state of the connection."""
