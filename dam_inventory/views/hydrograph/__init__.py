"""Hydrographs: the plot, the sheet below the map, and the form to assign one."""
