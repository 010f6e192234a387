"""Delivers each change to every open session, in this process and in others."""
