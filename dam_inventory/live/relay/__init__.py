"""How processes wake one another when the inventory has changed."""
