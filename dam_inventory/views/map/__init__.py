"""The map, its layers and tools."""
