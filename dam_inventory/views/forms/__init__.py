"""The forms that add and edit a dam."""
