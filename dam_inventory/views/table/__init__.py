"""The table of dams."""
