"""A dam's hydrograph: plot, sheet and the form that assigns one."""
