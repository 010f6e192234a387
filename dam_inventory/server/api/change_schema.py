"""The schema of `/api/changes`, for the description of the API."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

KINDS = {
    "DamAdded": "",
    "DamEdited": "old, new: the fields that changed; undoes: the seq of the edit, or null",
    "DamRemoved": "",
    "DamRestored": "undoes: the seq of the removal",
    "DamsRemoved": "",
    "DamsRestored": "undoes: the seq of the removal",
    "DamsImported": "count: dams that are new, with the IDs first_id to last_id; source: the "
    "name of the file",
    "DamsUpdated": "an import, too; updated: how many known dams have new values",
    "ImportUndone": "undoes: the seq of the import; removed, reverted: how many dams; first_id, "
    "last_id, source: those of the import",
    "HydrographAssigned": "points, peak_flow, hydrograph_name; replaced: whether in place of "
    "another; beside: whether the dam has others",
    "HydrographEdited": "hydrograph_name; old_name: its name before, empty if it was chosen",
    "HydrographRemoved": "hydrograph_name; was_first: whether it was shown first; undoes: the seq "
    "of the assignment, or null",
    "HydrographRestored": "hydrograph_name, was_first; undoes: the seq of the removal",
}
"""What is told of each kind of change, beside what all have."""

_TEXT = {"type": "string"}
_NUMBER = {"type": "integer", "minimum": 0}


def schemas() -> dict[str, Document]:
    """Return the schemas of a change and of an answer, by their names."""
    dam = {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": {"type": "integer"}, "name": {**_TEXT, "nullable": True}},
    }
    change = {
        "type": "object",
        "required": ["seq", "epoch", "kind", "at", "by", "what", "dam", "dams"],
        "properties": {
            "seq": _described(_NUMBER, "The number of the change; it grows."),
            "epoch": _described(_TEXT, "The inventory; another one after a restore."),
            "kind": _described(_TEXT, _kinds()),
            "at": {**_TEXT, "format": "date-time"},
            "by": {**_TEXT, "nullable": True, "description": "The person, null if unknown."},
            "what": _described(_TEXT, "The change as a sentence."),
            "dam": {"nullable": True, "allOf": [dam], "description": "The dam, if it is one."},
            "dams": {
                "type": "array",
                "items": dam,
                "description": "The dams; empty for an import, which may concern any number.",
            },
        },
        "additionalProperties": True,
    }
    position = {
        "epoch": _TEXT,
        "seq": _described(_NUMBER, "Where this answer ends: the number of its last change."),
        "mark": _described(_TEXT, "The same with a token; give it as `since` the next time."),
        "newest": _described(_NUMBER, "The number of the newest change of the log."),
        "reset": _described(
            {"type": "boolean"},
            "True if `since` is of another inventory: read everything anew. Else it is missing.",
        ),
    }
    answer = {
        "type": "object",
        "required": ["epoch", "seq", "mark", "newest", "changes", "next"],
        "properties": {
            **position,
            "changes": {"type": "array", "items": {"$ref": "#/components/schemas/change"}},
            "next": {
                **_TEXT,
                "nullable": True,
                "description": "The address of the changes that follow; null if this is the end.",
            },
        },
    }
    return {"change": change, "changes": answer}


def events() -> Document:
    """Return the schema of the stream."""
    return _described(
        _TEXT,
        "Server-sent events. `data` of each is a change as JSON, without a name of the event. `id` "
        "is EPOCH:SEQ-TOKEN, for the header Last-Event-ID. The event `reset` says to read "
        "everything anew; its data are epoch, seq, mark, newest and reset.",
    )


def _described(schema: Document, text: str) -> Document:
    return {**schema, "description": text}


def _kinds() -> str:
    lines = [f"- {kind}{': ' if facts else ''}{facts}" for kind, facts in KINDS.items()]
    return "\n".join(
        [
            "The kind of change, and what is told of it beside these keys. A newer version may "
            "add kinds. After DamsImported, DamsUpdated or ImportUndone, read the dams anew.",
            "",
            *lines,
        ]
    )
