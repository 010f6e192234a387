"""FileField: a file that somebody chooses, as bytes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, ClassVar

import panel as pn
import param

from ..components.assets import asset


class FileField(pn.reactive.ReactiveHTML):
    """A field for one file; of what has more than `most` bytes only the size is sent.

    on_file: called with the file's name, its size in bytes, and its content.
    """

    label = param.String(doc="What the field is called.")
    accept = param.String(doc="What a browser offers first, as in HTML's attribute of that name.")
    most = param.Integer(default=0, doc="How many bytes a file may have.")
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
        """Empty the field."""
        self.file = []

    @param.depends("file", watch=True)
    def _on_change(self) -> None:
        if len(self.file) < 3:
            return
        name, size, encoded = self.file[:3]
        # The page shows the name as before; nobody needs to hold the content twice.
        self.file = [str(name), len(str(encoded))]
        try:
            content = base64.b64decode(str(encoded), validate=True)
        except ValueError:  # not ASCII, or not Base64
            content = b""
        # A browser may say anything: what is here is what counts.
        self._on_file(str(name), size if isinstance(size, int) else len(content), content)
