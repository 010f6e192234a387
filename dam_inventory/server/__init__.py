"""What a web server does for the page: health, limits, sessions, login."""
