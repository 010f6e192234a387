"""InlineArray: numbers that travel inside a message instead of in a binary buffer beside it."""

from __future__ import annotations

import base64
import gzip
import sys
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from bokeh.core.serialization import Serializable, Serializer


class InlineArray(np.ndarray[Any, np.dtype[np.float32]], Serializable):
    """A float32 array of shape (n,) that Bokeh serializes as compressed base64 text.

    A page that reconnects gets its document without binary buffers, and would then miss every
    later change; plain lists survive that, too, but Bokeh walks through them item by item, some
    twenty times for each new session.
    """

    def __new__(cls, values: npt.ArrayLike) -> InlineArray:
        return cast(InlineArray, np.asarray(values, dtype=np.float32).view(cls))

    def __array_finalize__(self, _obj: Any) -> None:
        self._text: str | None = None

    def to_serializable(self, serializer: Serializer) -> Any:
        if self._text is None:
            self._text = base64.b64encode(gzip.compress(self.tobytes(), mtime=0)).decode("ascii")
        return {
            "type": "ndarray",
            "array": {"type": "bytes", "data": self._text},
            "shape": list(self.shape),
            "dtype": "float32",
            "order": sys.byteorder,
        }
