"""The login, and who a session belongs to."""
