"""FileField: a field to select a file, whose content arrives as bytes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, ClassVar

import panel as pn
import param

from ..bokeh_bridge.delivery import Way, way_to
from ..bokeh_bridge.documents import release
from ..components.assets import asset

_PART_IN_NOTEBOOK = 3 * 2**20
"""In bytes. A Jupyter server closes the page's websocket at a message of 10 MiB, as Base64."""


class FileField(pn.reactive.ReactiveHTML):
    """A field for one file. If the file is larger than `most` bytes, only its size is sent.

    on_file: called with the file's name, its size in bytes, and its content.
    """

    label = param.String(doc="The label of the field.")
    accept = param.String(doc="File types that the browser offers, as in HTML's `accept`.")
    most = param.Integer(default=0, doc="Maximum size of a file in bytes.")
    part = param.Integer(doc="Maximum size in bytes of what is sent in one message.")
    file = param.List(
        default=[],
        doc="[name, size in bytes, number of the file, first byte, content from there in Base64], "
        "from the browser.",
    )
    wanted = param.List(default=[], doc="[number of the file, first byte] of the next part.")

    _template: ClassVar[str] = asset("forms/file_field.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("forms/file_field.js"),
        "file": "chosen.textContent = data.file[0] ?? 'No file chosen'",
        "wanted": "state.send?.(...data.wanted)",
    }
    _stylesheets: ClassVar[list[str]] = [asset("forms/file_field.css")]

    def __init__(self, on_file: Callable[[str, int, bytes], None], **params: Any) -> None:
        self._on_file = on_file
        self._arrived: list[bytes] = []
        self._number = 0
        super().__init__(**params)
        self._most = self.most  # A browser may send any value for the parameter.
        self.part = _PART_IN_NOTEBOOK if way_to(pn.state.curdoc) is Way.NOTEBOOK else self.most

    def clear(self) -> None:
        """Clear the field."""
        self._arrived = []
        self.file = []

    @param.depends("file", watch=True)
    def _on_change(self) -> None:
        if len(self.file) < 5:
            return
        name, size, number, first, encoded = self.file[:5]
        # The name stays, for a page that is drawn again.
        release(self, "file", [str(name), len(str(encoded))])
        try:
            part = base64.b64decode(str(encoded), validate=True)
        except ValueError:  # not ASCII, or not Base64
            part = b""
        if first == 0:
            self._arrived, self._number = [], number
        arrived = sum(map(len, self._arrived))
        if number != self._number or first != arrived:
            return  # A part of a file that was given up.
        self._arrived.append(part)
        arrived += len(part)
        if part and isinstance(size, int) and arrived < size <= self._most:
            self.wanted = [number, arrived]
            return
        content, self._arrived = b"".join(self._arrived), []
        # A browser may send any value as the size; use the length of the content if it is invalid.
        self._on_file(str(name), size if isinstance(size, int) else len(content), content)
