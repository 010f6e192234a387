"""The command line of `panel serve`."""

from __future__ import annotations

import argparse
import sys
from functools import cache
from pathlib import Path

from bokeh.server.tornado import DEFAULT_UNUSED_LIFETIME_MS
from panel.command.serve import Serve

from ..errors import InvalidSettings


@cache
def serve_options() -> argparse.Namespace | None:
    """Return the options of `panel serve`, or None if this process runs something else.

    They are read from `sys.orig_argv`: with `--warm`, the page runs before Panel applies the
    login options, and `sys.argv` then holds the page's own arguments.
    """
    words = sys.orig_argv
    for before, word in enumerate(words[1:]):
        if word == "serve" and Path(words[before]).stem == "panel":
            parser = argparse.ArgumentParser()
            Serve(parser)
            return parser.parse_known_args(words[before + 2 :])[0]
    return None


def session_lifetime() -> float:
    """Return how many seconds the server keeps a session without a connected page."""
    chosen = getattr(serve_options(), "unused_session_lifetime", None)
    return float(chosen or DEFAULT_UNUSED_LIFETIME_MS) / 1000


def check_processes() -> None:
    """Raise InvalidSettings if the options make several processes share one port."""
    number = getattr(serve_options(), "num_procs", 1)
    if number != 1:
        raise InvalidSettings(
            f"--num-procs {number} is not supported: a page that reconnects could reach a process "
            "that does not hold its session. Start one process per port, behind a proxy that "
            "always sends a visitor to the same process; deploy/ does this with nginx."
        )
