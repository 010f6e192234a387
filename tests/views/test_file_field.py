"""FileField: a file that a browser sends, whole or in parts."""

from __future__ import annotations

from base64 import b64encode

import pytest

from dam_inventory.views.forms.file_input import FileField

Taken = list[tuple[str, int, bytes]]


@pytest.fixture
def taken() -> Taken:
    return []


@pytest.fixture
def field(taken: Taken) -> FileField:
    return FileField(lambda *file: taken.append(file), most=10)


def send(field: FileField, number: int, size: int, first: int, part: bytes) -> None:
    field.file = ["flood.csv", size, number, first, b64encode(part).decode()]


def test_a_file_in_one_part_is_taken_at_once(field: FileField, taken: Taken) -> None:
    send(field, 1, 3, 0, b"abc")

    assert taken == [("flood.csv", 3, b"abc")]
    assert field.wanted == []


def test_the_parts_of_a_file_are_asked_for_and_joined(field: FileField, taken: Taken) -> None:
    send(field, 1, 5, 0, b"abc")
    assert (taken, field.wanted) == ([], [1, 3])
    send(field, 1, 5, 3, b"de")

    assert taken == [("flood.csv", 5, b"abcde")]


def test_a_part_of_a_file_that_was_given_up_is_ignored(field: FileField, taken: Taken) -> None:
    send(field, 1, 5, 0, b"abc")
    send(field, 2, 2, 0, b"12")
    send(field, 1, 5, 3, b"de")
    send(field, 3, 5, 0, b"abc")
    field.clear()
    send(field, 3, 5, 3, b"de")

    assert taken == [("flood.csv", 2, b"12")]


def test_no_parts_are_kept_of_a_file_that_is_too_large(field: FileField, taken: Taken) -> None:
    send(field, 1, 11, 0, b"abc")

    assert taken == [("flood.csv", 11, b"abc")]
    assert field.wanted == []
