"""Opening files of any format, and saying why one can't be read."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

from dam_inventory.errors import InvalidFile
from dam_inventory.formats import archive, extras
from dam_inventory.formats.dam_rows import read
from dam_inventory.formats.mapping import suggest
from dam_inventory.formats.registry import open_table
from tests.files import dams_of, rows_of, table_of

DATA = Path(__file__).parents[1] / "data"
CSV = b"Dam Name,NID ID\nHeron Dam,ZZ1\nIbis Dam,ZZ2\n"


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "."), content)
    return packed.getvalue()


def tarred(content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as file:
        member = tarfile.TarInfo("dams.csv")
        member.size = len(content)
        file.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def refusal(content: bytes | Path) -> str:
    with pytest.raises(InvalidFile) as raised:
        rows_of(content)
    return str(raised.value)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (CSV, "CSV, commas, UTF-8"),
        (gzip.compress(CSV, mtime=0), "CSV, commas, UTF-8, gzip"),
        (zipped(dams__csv=CSV), "CSV, commas, UTF-8, zip"),
        (zipped(dams__txt=CSV, __MACOSX=b""), "CSV, commas, UTF-8, zip"),
        (zipped(dams__csv=CSV, readme__txt=b"read me"), "CSV, commas, UTF-8, zip"),
        (zipped(dams__csv__gz=gzip.compress(CSV, mtime=0)), "CSV, commas, UTF-8, gzip in zip"),
        (gzip.compress(zipped(dams__csv=CSV), mtime=0), "CSV, commas, UTF-8, zip in gzip"),
    ],
)
def test_a_file_is_unpacked_whatever_its_name(content: bytes, name: str):
    assert table_of(content)[0] == name
    assert [dam["dam_name"] for dam in dams_of(content)] == ["Heron Dam", "Ibis Dam"]


def test_packed_files_of_other_formats_are_unpacked_too():
    for file in ("nid.gpkg", "dams.xlsx", "areas.zip"):
        content = (DATA / file).read_bytes()
        dams = dams_of(DATA / file)
        ending = Path(file).suffix.strip(".")
        assert dams_of(gzip.compress(content, mtime=0)) == dams
        if ending != "zip":
            assert dams_of(zipped(**{f"dams__{ending}": content})) == dams


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b"Dam Name,NID ID\n", "The file has a header, but no rows below it."),
        (b"1,44.1,-121.2\n2,44.2,-121.3\n", "The file has no header"),
        (b"just some words\nand more of them\n", "The file has no header"),
        (b"%PDF-1.7\n%\xe2\xe3", "The file is a PDF document. Export its table"),
        (b"\x89PNG\r\n\x1a\n\0\0", "The file is a picture (PNG)."),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "The file is a picture (JPEG)."),
        (b"<!DOCTYPE html><html><body>Log in</body>", "The file is a web page (HTML)"),
        (b"\n <HTML><table>", "The file is a web page (HTML)"),
        (b'<?xml version="1.0"?><kml xmlns="x">', "The file is a KML file"),
        (b'<?xml version="1.0"?><dams/>', "The file is an XML file"),
        (b"{\\rtf1 dams}", "The file is a text document (RTF)"),
        (b"PAR1\0\0", "The file is a Parquet file"),
        (b"7z\xbc\xaf\x27\x1c", "The file is a 7-Zip archive"),
        (b"Rar!\x1a\x07", "The file is a RAR archive"),
        (bz2.compress(CSV), "The file is compressed with bzip2"),
        (lzma.compress(CSV), "The file is compressed with xz"),
        (tarred(CSV), "The file is a tar archive"),
        (gzip.compress(tarred(CSV), mtime=0), "The file is a tar archive"),
        (gzip.compress(b"", mtime=0), "The file is empty."),
        (gzip.compress(CSV * 99, mtime=0)[:-9], "dams can't be read: it is damaged"),
        (b"\x1f\x8bnot gzip at all", "dams can't be read"),
        (zipped(dams__csv=CSV)[:-30], "dams can't be read: it is damaged"),
        (zipped(), "The zip file is empty."),
        (
            zipped(d__gz=gzip.compress(gzip.compress(CSV, mtime=0), mtime=0)),
            "The file is packed more than twice.",
        ),
        (zipped(dams__pdf=b"%PDF"), "The zip file contains no table, but dams.pdf."),
        (zipped(a__csv=CSV, b__csv=CSV), "The zip file contains 2 tables: a.csv, b.csv."),
        (zipped(a__html=b"<html>", b__csv=b"<html><p>"), "The file is a web page (HTML)"),
        (zipped(dams__shp=b"\0\0\x27\x0a"), "The Shapefile has no .dbf file."),
        (b"\0\0\x27\x0a" + bytes(96), "The file is one part of a Shapefile."),
        (
            zipped(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}),
            "The file is a Word document.",
        ),
        (
            zipped(mimetype=b"application/vnd.oasis.opendocument.text"),
            "The file is a text document.",
        ),
        (
            zipped(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}),
            "The file is no workbook that can be read",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "The file is no workbook"),
        (b"SQLite format 3\0" + bytes(84), "The file is an SQLite database, but no GeoPackage."),
        (bytes(range(256)) * 20, "The file is not a text file."),
        (b"Dam\0Name,NID ID\nHeron Dam,ZZ1\n", "The file is not a text file."),
        (b'{"type": "Topology", "objects": {}}', "The file is JSON of the type Topology"),
        (b'{"dams": [1, 2]}', "The file is JSON, but not GeoJSON with features."),
        (b"[]", "The file has a header, but no rows below it."),
        (b'{"type": "FeatureCollection", "features": []}', "The file has a header, but no rows"),
        (b'[{"name": "Heron"}, {"na', "The file is not valid JSON after item 2"),
        (
            json.dumps({"features": [{"attributes": {"name": "X"}}]}).encode(),
            "The file is Esri JSON.",
        ),
    ],
)  # fmt: skip
def test_a_refusal_names_the_true_cause(content: bytes, cause: str):
    reason = refusal(content)

    assert reason.startswith(cause)
    assert reason.endswith(".")


def test_a_zip_file_with_a_password_is_refused_in_a_sentence():
    packed = bytearray(zipped(dams__csv=CSV))
    # The flag of encryption, in the header of the member and in the directory.
    packed[6] |= 1
    packed[packed.rindex(b"PK\x01\x02") + 8] |= 1

    assert refusal(bytes(packed)) == "dams is protected by a password. Remove it first."


@pytest.mark.parametrize(
    ("module", "file", "formats"),
    [
        ("python_calamine", "dams.xlsx", "Excel files"),
        ("pyogrio", "nid.gpkg", "GeoPackages and Shapefiles"),
        ("pyogrio", "areas.zip", "GeoPackages and Shapefiles"),
    ],
)
def test_a_missing_extra_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, module: str, file: str, formats: str
):
    def without(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(extras.importlib, "import_module", without)

    assert refusal(DATA / file) == (
        f"To read {formats}, install the extra formats: "
        'pip install "dam-inventory[formats]". Or save the table as CSV or GeoJSON.'
    )


def test_a_file_that_does_not_exist_and_a_folder_are_refused(tmp_path: Path):
    with pytest.raises(InvalidFile, match=r"^none\.csv can't be read: No such file"):
        rows_of(tmp_path / "none.csv")
    with pytest.raises(InvalidFile, match="can't be read: Is a directory"):
        rows_of(tmp_path)


@pytest.mark.parametrize(
    "file", ["nid_2018.csv", "dams.xlsx", "nid.gpkg", "cut_names.zip", "packed.gz", "packed.zip"]
)
def test_progress_ends_at_the_size_of_the_file(tmp_path: Path, file: str):
    path = DATA / file
    if file.startswith("packed"):
        path = tmp_path / file
        rows = CSV + b"Teal Dam,ZZ3\n" * 5000
        path.write_bytes(
            gzip.compress(rows, mtime=0) if file.endswith("gz") else zipped(dams__csv=rows)
        )
    parts: list[int] = []

    with open_table(path, file, parts.append) as table:
        assert list(table.rows)

    assert min(parts) >= 0
    assert sum(parts) == pytest.approx(path.stat().st_size, rel=0.02)


def test_a_pipe_is_read(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(CSV))
    writer.start()

    assert len(rows_of(pipe)) == 2
    writer.join()


def test_a_stream_is_read():
    with open_table(io.BytesIO(CSV), "standard input") as table:
        assert len(list(read(table, suggest(table)))) == 2


def test_rows_are_yielded_while_the_file_is_read(tmp_path: Path):
    path = tmp_path / "long.csv"
    path.write_bytes(CSV + b"Teal Dam,ZZ3\n" * 100_000)
    parts: list[int] = []

    with open_table(path, path.name, parts.append) as table:
        next(table.rows)
        assert sum(parts) < path.stat().st_size / 2


def test_temporary_files_are_removed_at_the_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)

    with open_table(DATA / "areas.zip", "areas.zip") as table:
        assert list(table.rows)
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []


def test_what_would_be_too_large_unpacked_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1 << 30)
    check = archive.check_size
    monkeypatch.setattr(archive, "check_size", lambda size: check(size + (1 << 30)))

    for content in (zipped(dams__csv=CSV), gzip.compress(zipped(dams__csv=CSV), mtime=0)):
        assert refusal(content) == "Unpacked, the file has more than 1 GB."
