"""The read-only API under `/api`: OGC API Features, downloads, changes."""
