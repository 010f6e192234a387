"""Work lists in the filter rail, and what a page remembers of them."""
