"""All dams at one revision, and how to search, sort and cluster them."""
