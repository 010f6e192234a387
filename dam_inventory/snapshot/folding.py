"""Folding: texts that a person takes for the same become equal, for search and for order."""

from __future__ import annotations

import unicodedata

import polars as pl


def fold(text: str) -> str:
    """Return a text without case and accents: "Cañón" and "CANON" become "canon"."""
    if text.isascii():
        return text.lower()
    # Once more after casefold, which decomposes some letters.
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(one for one in letters if not unicodedata.combining(one))


def folded(values: pl.Series) -> pl.Series:
    """Return a column with its texts folded, as strings; numbers as they are."""
    if values.dtype == pl.Categorical:
        values = values.cast(pl.String)
    if values.dtype != pl.String:
        return values
    lower = values.str.to_lowercase()
    # Most names are ASCII, which Polars folds outside the interpreter's lock.
    others = (values.str.len_bytes() != values.str.len_chars()).arg_true()
    if len(others):
        lower = lower.scatter(others, [fold(text) for text in values.gather(others)])
    return lower
