"""Where the parts of the page lie: bar, filters, map, cards over it, and the dock below it."""
