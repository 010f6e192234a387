"""Import of a file on the page."""
