"""A file that a browser sends in parts."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.errors import InvalidFile
from dam_inventory.session.uploads import PART, Upload, size_in_words

MOST = 3 * PART


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def parts(content: bytes) -> Iterator[tuple[int, str]]:
    for first in range(0, len(content), PART):
        yield first, encoded(content[first : first + PART])


@pytest.mark.parametrize("size", [1, PART - 1, PART, PART + 1, MOST])
def test_a_file_arrives_as_it_was_sent(size: int):
    content = bytes(number % 251 for number in range(size))
    upload = Upload("dams.csv", size, MOST)

    for first, part in parts(content):
        assert not upload.is_complete
        upload.take(first, part)

    assert upload.is_complete
    assert upload.path.read_bytes() == content
    upload.close()


def test_a_closed_upload_leaves_no_file():
    upload = Upload("dams.csv", 3, MOST)
    upload.take(0, encoded(b"abc"))
    upload.close()
    upload.close()

    assert not upload.path.parent.exists()


@pytest.mark.parametrize(
    ("first", "part"),
    [
        (PART, encoded(bytes(PART))),  # another part than the next one
        (-1, encoded(bytes(PART))),
        (0, encoded(bytes(PART - 1))),  # a gap would follow
        (0, encoded(bytes(PART + 1))),
        (0, encoded(bytes(MOST))),
        (0, ""),
        (0, "no Base64!"),
        (0, "Ünicode"),
        (0, "A" * 10_000_000),
    ],
)
def test_a_part_that_a_page_does_not_send_is_refused(first: int, part: str):
    upload = Upload("dams.csv", 2 * PART, MOST)

    with pytest.raises(InvalidFile, match="did not arrive as it was sent"):
        upload.take(first, part)

    assert upload.path.read_bytes() == b""
    upload.close()


def test_more_than_was_announced_is_refused():
    upload = Upload("dams.csv", 3, MOST)
    upload.take(0, encoded(b"abc"))

    with pytest.raises(InvalidFile):
        upload.take(3, encoded(b"d"))

    assert upload.path.read_bytes() == b"abc"
    upload.close()


@pytest.mark.parametrize(
    ("name", "size", "sentence"),
    [
        ("dams.csv", MOST + 1, '"dams.csv" has 0.8 MB, but a file may have at most 0.8 MB'),
        ("dams.csv", 10**12, '"dams.csv" has 1,000,000 MB, but a file may have at most 0.8 MB'),
        ("dams.csv", 0, '"dams.csv" is empty'),
        ("dams.csv", -5, '"dams.csv" is empty'),
        ("DAMS.SHP", 5, "one part of a shapefile. Put its .shp, .shx, .dbf and .prj"),
        ("dams.dbf", 5, "one part of a shapefile"),
        ("dams.shx", 5, "one part of a shapefile"),
        ("dams.prj", 5, "one part of a shapefile"),
    ],
)
def test_a_file_that_need_not_be_sent_is_refused_before(name: str, size: int, sentence: str):
    with pytest.raises(InvalidFile, match=sentence):
        Upload(name, size, MOST)


@given(st.text())
def test_any_name_becomes_a_file_in_a_folder_of_its_own(name: str):
    try:
        upload = Upload(name, 1, MOST)
    except InvalidFile:
        return
    upload.take(0, encoded(b"x"))

    assert [*upload.path.parent.iterdir()] == [upload.path]
    assert upload.path.parent.name.startswith("dam-inventory-")
    assert "\n" not in upload.name
    assert 0 < len(upload.name) <= 200
    upload.close()


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.GPKG", "upload.gpkg"),
        ("../../etc/a.csv", "upload.csv"),
        ("a.c;s", "upload.cs"),
        ("a", "upload"),
    ],
)
def test_only_the_ending_of_a_name_is_used_on_the_server(name: str, ending: str):
    upload = Upload(name, 1, MOST)

    assert upload.path.name == ending
    upload.close()


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "1 kB"),
        (2_700, "3 kB"),
        (300_000, "0.3 MB"),
        (9_940_000, "9.9 MB"),
        (500_000_000, "500 MB"),
    ],
)
def test_a_size_is_said_in_words(size: int, words: str):
    assert size_in_words(size) == words


def test_a_server_without_room_for_temporary_files_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))

    with pytest.raises(InvalidFile, match=r'can.t store "dams.csv": No such file'):
        Upload("dams.csv", 1, MOST)
