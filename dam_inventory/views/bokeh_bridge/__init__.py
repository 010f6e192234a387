"""How changes get from the server into one browser."""
