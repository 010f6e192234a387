"""How `panel serve` was called."""

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
    """Return the options of `panel serve`, if this process is one.

    `--warm` runs the page before Panel looks at the options of a login, and `sys.argv` is then
    the page's own.
    """
    words = sys.orig_argv
    for before, word in enumerate(words[1:]):
        if word == "serve" and Path(words[before]).stem == "panel":
            parser = argparse.ArgumentParser()
            Serve(parser)
            return parser.parse_known_args(words[before + 2 :])[0]
    return None


def session_lifetime() -> float:
    """Return for how many seconds the server keeps a session that no page is connected to."""
    chosen = getattr(serve_options(), "unused_session_lifetime", None)
    return float(chosen or DEFAULT_UNUSED_LIFETIME_MS) / 1000


def check_processes() -> None:
    """Raise InvalidSettings if one port is to be shared by several processes."""
    number = getattr(serve_options(), "num_procs", 1)
    if number != 1:
        raise InvalidSettings(
            f"--num-procs {number} is not supported: a page that loses its connection would come "
            "back to a process that does not know it. Start several processes with a port each, "
            "behind a proxy that sends each visitor to the same one; deploy/ does so with nginx."
        )
