"""Numbers and texts that travel inside a message, and that Bokeh does not read one by one."""

from __future__ import annotations

import base64
import sys
import zlib
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from bokeh.core.serialization import Serializable, Serializer

_GZIP = 31
"""The form of gzip, which Bokeh reads, as zlib names it."""


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
            self._text = base64.b64encode(self._packed()).decode("ascii")
        return {
            "type": "ndarray",
            "array": {"type": "bytes", "data": self._text},
            "shape": list(self.shape),
            "dtype": self.dtype.name,
            "order": sys.byteorder,
        }

    def _packed(self) -> bytes:
        # An image of bytes has rows of one color: to look only for these takes a third of the
        # time, and finds more.
        how = zlib.Z_RLE if self.dtype == np.uint8 else zlib.Z_DEFAULT_STRATEGY
        packing = zlib.compressobj(self._level, wbits=_GZIP, strategy=how)
        return packing.compress(self.tobytes()) + packing.flush()


class InlineTexts(list[str], Serializable):
    """A list of texts that Bokeh serializes as it is, instead of one by one."""

    def to_serializable(self, _serializer: Serializer) -> Any:
        return list(self)
