"""Dams side by side."""
