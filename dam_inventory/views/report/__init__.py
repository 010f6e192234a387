"""What goes on paper: the report of a dam or of a list of dams, and the printed page."""
