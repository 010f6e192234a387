"""Columns: the data of a Bokeh source."""

from __future__ import annotations

from typing import Any

Columns = dict[str, Any]
"""Values by column; all columns are of one length."""
