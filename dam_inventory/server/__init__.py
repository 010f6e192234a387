"""The web server's part: health endpoint, request limits, session ownership, login."""
