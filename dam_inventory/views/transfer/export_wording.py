"""What the page says about an export."""

from __future__ import annotations

from ...session.exporting import AT_WORK, Exporting
from ...session.uploads import size_in_words

_WAITING = "Waits for another export …"
_STARTING = "Starting …"
_QUARTERS = 4


def progress(exporting: Exporting) -> str:
    """Say how far the present step is."""
    progress = exporting.progress
    if exporting.step == "send":
        return f"{progress.share:.0%} of {size_in_words(exporting.length)} sent"
    if progress.since is None:
        return _WAITING if exporting.is_queued else _STARTING
    of = f" of {progress.total:,}" if progress.total else ""
    return f"{progress.done:,}{of} {exporting.items}"


def done(exporting: Exporting) -> str:
    """Say which file the browser has got."""
    return f'Saved "{exporting.file_name}" ({size_in_words(exporting.length)}).'


def state(exporting: Exporting) -> str:
    """Say how an export goes, and what has become of it; "" if it was canceled."""
    if exporting.step in AT_WORK:
        return progress(exporting)
    return done(exporting) if exporting.step == "done" else exporting.fault


def announcement(exporting: Exporting) -> str:
    """Say for assistive technology how an export goes on, in few words."""
    match exporting.step:
        case "write":
            quarters = int(exporting.progress.share * _QUARTERS)
            return f"Exporting: {quarters / _QUARTERS:.0%}" if quarters else "Exporting …"
        case "send":
            return "Sending the file …"
        case "done":
            return done(exporting)
    return ""
