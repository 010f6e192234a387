"""The state and the actions of one session; independent of Panel."""
