"""What may go wrong without being foreseen: a panic of Polars is no Exception."""

from __future__ import annotations

from polars.exceptions import PanicException

UNEXPECTED = (Exception, PanicException)
"""What to catch where something has to go on, whatever fails.

Not BaseException, which would also catch that a process or a task is to end.
"""
