"""The login, and the user that each session belongs to."""
