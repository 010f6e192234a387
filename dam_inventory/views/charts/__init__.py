"""Charts of the dams that match the filters; they filter, too."""
