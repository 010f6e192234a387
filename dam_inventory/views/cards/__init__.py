"""The cards beside the map."""
