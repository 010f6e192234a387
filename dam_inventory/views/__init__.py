"""The page: everything that a browser or a notebook shows."""
