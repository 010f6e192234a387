"""Panic: how code written in Rust gives up when it meets what it does not expect."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def as_damage() -> Iterator[None]:
    """Raise zipfile.BadZipFile where the reader of workbooks panics: the file is damaged.

    A panic is no Exception in Python, and its class can't be imported. Nothing else would catch
    it before the thread ends.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise zipfile.BadZipFile(str(error)) from None
