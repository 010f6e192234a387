"""The filters beside the map, and the line that says which are active."""
