"""What the card that imports a file says."""

from __future__ import annotations

import math

from ...domain.messages import dams, several
from ...session.importing import Imported, Importing, Step
from ...session.uploads import size_in_words

OTHERS = "others"
"""The list of columns that are kept as other facts."""

LISTS = {
    "new": ("New", "These dams are not in the inventory."),
    "same": ("Known, unchanged", "These dams are known, with the same values."),
    "changed": ("Other values", "These dams are known. The file has other values."),
    "weak": (
        "Weak evidence",
        "These rows may be dams that are known. Check the evidence of each.",
    ),
    "removed": ("Removed here", "Somebody has removed these dams from the inventory."),
    "repeated": ("Repeated", "The file has these dams more than once. The first row counts."),
    "refused": ("Not read", "These rows are not imported."),
    "unread": (
        "Cells left unknown",
        "These cells can't be read. The value stays unknown; the text is kept as another fact.",
    ),
    OTHERS: (
        "Columns kept as other facts",
        "The inventory has no field for these columns. Each dam keeps their text.",
    ),
}
"""For each list of the look: its label, and what is in it."""

_HEADINGS: dict[Step, str] = {
    "upload": "Uploading",
    "read": "Reading the columns",
    "look": "Comparing with the inventory",
    "seen": "What an import would do",
    "import": "Importing",
    "done": "Imported",
}

_WAITING = "Another import is running. This one starts when it has ended."
_STOPPING = "Canceling …"
_COMPARING = "All rows are read. Comparing them with the inventory …"
_MAX_NAMED = 5


def heading(importing: Importing, unanswered: int) -> str:
    """Return the heading of the present step; "" while no file is chosen.

    unanswered: how many columns need an answer.
    """
    if importing.step != "columns":
        return _HEADINGS.get(importing.step, "")
    if unanswered > 1:
        return f"{unanswered:,} columns need an answer"
    return "1 column needs an answer" if unanswered else "Columns of the file"


def limits(most: int) -> str:
    """Say which files can be imported. most: the maximum size in bytes."""
    return (
        "CSV, Excel (.xlsx), GeoJSON, GeoPackage, or a Shapefile as .zip; at most "
        f"{size_in_words(most)}. You see what an import would do before anything changes."
    )


def progress(importing: Importing) -> str:
    """Say how far a step is, and how long it still takes."""
    done = importing.progress
    if importing.is_stopping:
        return _STOPPING
    if done.since is None:
        return _WAITING if importing.is_queued else ""
    if importing.step == "look" and done.done >= done.total:
        return _COMPARING
    if importing.step == "import":
        amount = f"{done.done:,} of {dams(done.total)}"
    else:
        amount = f"{done.share:.0%} of {size_in_words(done.total)}"
    return f"{amount}{_time(done.seconds_left)}"


def button(added: int, updated: int) -> str:
    """Return the label of the button that imports; "" if there is nothing to import."""
    if not added:
        return f"Update {dams(updated)}" if updated else ""
    return f"Add {dams(added)}, update {updated:,}" if updated else f"Add {dams(added)}"


def done(imported: Imported) -> str:
    """Say what an import has done."""
    parts = [f"{dams(imported.added)} added"]
    if imported.updated:
        parts.append(f"{dams(imported.updated)} updated")
    if imported.without_place:
        parts.append(f"{dams(imported.without_place)} without a location")
    sentence = f"{', '.join(parts)}."
    if imported.refused:
        names = several(imported.refused, _MAX_NAMED)
        sentence += f" Not updated, because you may not change them: {names}."
    return sentence


def interrupted(step: str, name: str) -> str:
    """Say what became of an import whose page lost its server. step: the last that its page saw."""
    if step != "import":
        return f'The connection was lost before "{name}" was imported. Choose it again.'
    return (
        f'The connection was lost while "{name}" was imported: all of it is in the inventory, or '
        "nothing. Choose it again: dams that are in the inventory are not added twice."
    )


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 90:
        return f", about {max(1, math.ceil(seconds))} s left"
    return f", about {math.ceil(seconds / 60)} minutes left"
