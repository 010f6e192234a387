"""What `panel serve` runs: the page, and the login."""
