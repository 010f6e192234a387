"""Relays: wake the other processes when the inventory has changed."""
