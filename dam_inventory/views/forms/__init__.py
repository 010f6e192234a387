"""Forms to add and edit a dam."""
