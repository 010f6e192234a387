"""Limits on the resources that one visitor can use."""
