"""The user interface in a browser or a notebook."""
