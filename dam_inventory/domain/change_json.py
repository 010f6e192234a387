"""A change as JSON, for other programs."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import Any

from .change_rows import kind_of
from .changes import Change, named_dams
from .messages import told

_NOT_FACTS = {"seq", "at", "by", "dam_id", "dam_name", "dam_ids", "dam_names", "kind"}


def as_json(change: Change, epoch: str) -> dict[str, Any]:
    """Return a change of an inventory as JSON values.

    seq, epoch: its position. kind: the kind of change. at: in UTC, as RFC 3339 has it.
    by: the user, or None. what: a sentence. dam: the id and the name of the dam, if it is one.
    dams: those of each dam; empty for an import, which may concern any number. Further keys are
    the facts of its kind: `old` and `new` of an edit, `count`, `first_id` and `last_id` of an
    import, `undoes` of what is undone.
    """
    dams = [{"id": number, "name": name} for number, name in named_dams(change)]
    common = {
        "seq": change.seq,
        "epoch": epoch,
        "kind": kind_of(change),
        "at": f"{change.at.astimezone(dt.UTC).replace(tzinfo=None).isoformat()}Z",
        "by": change.by,
        "what": told([change]),
        "dam": dams[0] if len(dams) == 1 else None,
        "dams": dams,
    }
    names = [field.name for field in fields(change) if field.name not in _NOT_FACTS]
    return common | {name: getattr(change, name) for name in names}
