"""FileField: a field to select a file, whose content arrives as bytes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, ClassVar

import panel as pn
import param

from ..bokeh_bridge.documents import release
from ..components.assets import asset


class FileField(pn.reactive.ReactiveHTML):
    """A field for one file. If the file is larger than `most` bytes, only its size is sent.

    on_file: called with the file's name, its size in bytes, and its content.
    """

    label = param.String(doc="The label of the field.")
    accept = param.String(doc="File types that the browser offers, as in HTML's `accept`.")
    most = param.Integer(default=0, doc="Maximum size of a file in bytes.")
    file = param.List(default=[], doc="[name, size in bytes, content in Base64], from the browser.")

    _template: ClassVar[str] = asset("forms/file_field.html")
    _scripts: ClassVar[dict[str, Any]] = {
        "render": asset("forms/file_field.js"),
        "file": "chosen.textContent = data.file[0] ?? 'No file chosen'",
    }
    _stylesheets: ClassVar[list[str]] = [asset("forms/file_field.css")]

    def __init__(self, on_file: Callable[[str, int, bytes], None], **params: Any) -> None:
        self._on_file = on_file
        super().__init__(**params)

    def clear(self) -> None:
        """Clear the field."""
        self.file = []

    @param.depends("file", watch=True)
    def _on_change(self) -> None:
        if len(self.file) < 3:
            return
        name, size, encoded = self.file[:3]
        # The name stays, for a page that is drawn again.
        release(self, "file", [str(name), len(str(encoded))])
        try:
            content = base64.b64decode(str(encoded), validate=True)
        except ValueError:  # not ASCII, or not Base64
            content = b""
        # A browser may send any value as the size; use the length of the content if it is invalid.
        self._on_file(str(name), size if isinstance(size, int) else len(content), content)
