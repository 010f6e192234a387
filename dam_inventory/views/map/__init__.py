"""The map, its layers and its tools."""
