"""Files that are deleted when nobody uses them."""

from __future__ import annotations

import pytest

from dam_inventory.session.custody import Custody


class File:
    """Notes whether it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


def test_what_nobody_uses_is_deleted_at_once():
    file = File()

    Custody().discard(file, None)

    assert file.closed == 1


def test_what_is_in_use_is_deleted_when_the_last_one_ends():
    custody, file = Custody(), File()
    with custody.use():
        with custody.use():
            custody.discard(file)
        assert file.closed == 0

    assert file.closed == 1
    with custody.use():
        pass
    assert file.closed == 1


def fail(custody: Custody, file: File) -> None:
    with custody.use():
        custody.discard(file)
        raise ValueError("unreadable")


def test_a_use_that_fails_ends_too():
    custody, file = Custody(), File()

    with pytest.raises(ValueError, match="unreadable"):
        fail(custody, file)

    assert file.closed == 1


def test_a_file_that_can_not_be_deleted_keeps_no_other_one():
    custody, files = Custody(), (File(), File(), File())

    def fail() -> None:
        raise OSError("The disk is broken.")

    files[1].close = fail  # type: ignore[method-assign]
    with pytest.raises(OSError, match="broken"):
        custody.discard(*files)

    assert [file.closed for file in files] == [1, 0, 1]
