"""Work that takes long, done while the event loop goes on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from .errors import DamInventoryError

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
Told = Callable[[Result | DamInventoryError], None]


def in_background(work: Callable[[], Result], done: Told[Result]) -> None:
    """Call `work` in a thread of its own, and `done` there with what it returns.

    Or with the error that it raises: what nobody has foreseen is logged, and told as such.
    """
    threading.Thread(target=lambda: done(_outcome(work)), name="background", daemon=True).start()


def _outcome(work: Callable[[], Result]) -> Result | DamInventoryError:
    try:
        return work()
    except DamInventoryError as error:
        return error
    except Exception:
        logger.exception("Something unforeseen went wrong.")
        return DamInventoryError("Something unforeseen went wrong; the log says what.")
