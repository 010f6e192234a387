"""The box that finds dams and places."""
