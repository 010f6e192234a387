"""All dams at one revision, and what is found, sorted and clustered in them."""
