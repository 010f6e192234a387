"""Numbers and texts that travel inside a message, and that Bokeh does not read one by one."""

from __future__ import annotations

import base64
import gzip
import sys
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from bokeh.core.serialization import Serializable, Serializer


class InlineArray(np.ndarray[Any, np.dtype[Any]], Serializable):
    """An array of numbers that Bokeh serializes as compressed base64 text.

    A page that reconnects gets its document without binary buffers, and would then miss every
    later change; plain lists survive that, too, but Bokeh walks through them item by item, some
    twenty times for each new session.
    level: how hard to compress, from 1 for what is sent once to 9 for what is sent to everybody.
    """

    def __new__(
        cls, values: npt.ArrayLike, dtype: npt.DTypeLike = np.float32, level: int = 9
    ) -> InlineArray:
        array = cast(InlineArray, np.asarray(values, dtype=dtype).view(cls))
        array._level = level
        return array

    def __array_finalize__(self, _obj: Any) -> None:
        self._level = 9
        self._text: str | None = None

    def to_serializable(self, serializer: Serializer) -> Any:
        if self._text is None:
            packed = gzip.compress(self.tobytes(), self._level, mtime=0)
            self._text = base64.b64encode(packed).decode("ascii")
        return {
            "type": "ndarray",
            "array": {"type": "bytes", "data": self._text},
            "shape": list(self.shape),
            "dtype": self.dtype.name,
            "order": sys.byteorder,
        }


class InlineTexts(list[str], Serializable):
    """A list of texts that Bokeh serializes as it is, instead of one by one."""

    def to_serializable(self, _serializer: Serializer) -> Any:
        return list(self)
