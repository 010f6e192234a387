"""Reading a workbook that a spreadsheet library has written; see data/make_fixtures.py."""

from __future__ import annotations

import io
import weakref
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.errors import InvalidFile, InvalidHydrograph
from dam_inventory.formats.dam_rows import DamRow
from dam_inventory.formats.flow_files import tables_of
from tests.files import rows_of, table_of, with_damaged_part, with_far_cell
from tests.old_workbooks import dimensions, number_cell, several_cells, text_cell
from tests.old_workbooks import workbook as old_workbook

DATA = Path(__file__).parents[1] / "data"


def changed(**replacements: str) -> bytes:
    """Return the workbook with other text in its sheet of dams."""
    packed = io.BytesIO()
    with zipfile.ZipFile(DATA / "dams.xlsx") as book, zipfile.ZipFile(packed, "w") as copy:
        for name in book.namelist():
            text = book.read(name)
            for old, new in replacements.items():
                text = text.replace(old.encode(), new.encode())
            copy.writestr(name, text)
    return packed.getvalue()


def test_it_reads_the_sheet_with_dams_and_names_the_others():
    kind, headings, notes, rows = table_of(DATA / "dams.xlsx")

    assert kind == "Excel"
    assert headings[:2] == ("Dam Name", "Federal ID")
    assert notes == (
        'Above the header the file says: "Data Last Updated: 2025-06-01".',
        'Only the sheet "Dams" is read, not "Read me".',
    )
    assert [number for number, _ in rows] == [4, 5, 7]


@pytest.mark.parametrize("names", [("Dams", "Notes", "More"), ("Notes", "Dams"), ("Dams",)])
def test_no_two_sheets_are_held_at_once(names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch):
    """A sheet takes about twice the memory of its file unpacked."""
    held: weakref.WeakSet[Any] = weakref.WeakSet()
    loaded: list[str] = []

    class Sheet:
        def __init__(self, sheet: Any) -> None:
            self.name, self.total_height = sheet.name, sheet.total_height
            self.iter_rows = sheet.iter_rows

    class Workbook:
        def __init__(self, book: Any) -> None:
            self.sheets_metadata, self._book = book.sheets_metadata, book

        def get_sheet_by_name(self, name: str) -> Sheet:
            assert not held
            loaded.append(name)
            held.add(sheet := Sheet(self._book.get_sheet_by_name(name)))
            return sheet

        @classmethod
        def from_path(cls, path: str) -> Workbook:
            return cls(original.from_path(path))

    original = python_calamine.CalamineWorkbook
    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Workbook)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name in names:
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Dam Name", "NID ID"] if name == "Dams" else ["Who", "When"])
            sheet.write_row(1, 0, ["Heron", "ZZ00001"] if name == "Dams" else ["A. Smith", "May"])

    assert table_of(content.getvalue())[3] == [(2, ["Heron", "ZZ00001"])]
    assert loaded == [*names, *(["Dams"] if names[-1] != "Dams" else [])]


def test_it_reads_what_a_person_sees():
    rows = rows_of(DATA / "dams.xlsx")
    kestrel, kite, knot = rows

    assert all(isinstance(row, DamRow) for row in rows)
    assert kestrel.values == {
        "dam_name": "Kestrel Dam",
        "federal_id": "ZZ00091",
        "latitude": 44.1,
        "longitude": -121.2,
        "date_built": "1950",
        "dam_height_ft": pytest.approx(10 / 0.3048),
        "last_inspection_date": "2024-05-17",
        "state_regulated": "Yes",
        "other_facts": {"Remarks": "0.3"},
    }
    assert {"dam_height_ft", "last_inspection_date", "date_built"}.isdisjoint(kite.values)
    assert kite.values["state_regulated"] == "No"
    assert knot.values["date_built"] == "1952"


def test_the_number_of_a_day_is_a_date_only_in_a_cell_of_dates():
    knot = rows_of(DATA / "dams.xlsx")[2]

    assert knot.values["other_facts"] == {"Last Inspection Date": "43146"}
    assert [cell.heading for cell in knot.unread] == ["Last Inspection Date"]


def test_a_damaged_workbook_is_refused():
    for content in (
        changed(**{"<sheetData>": "<sheetData><!--"}),
        with_damaged_part(DATA / "dams.xlsx"),
    ):
        with pytest.raises(InvalidFile, match=r"^The file is no workbook that can be read"):
            rows_of(content)


def test_a_workbook_with_a_cell_far_away_is_refused_before_it_is_read():
    content = with_far_cell(DATA / "dams.xlsx")

    with pytest.raises(InvalidFile, match=r"row 1,048,576 and column 16,384\."):
        rows_of(content)


OLD_CELLS = [
    text_cell(0, 0, "Dam Name"), text_cell(0, 1, "Latitude"), text_cell(0, 2, "Longitude"),
    text_cell(1, 0, "HERON"), number_cell(1, 1, 40.5), number_cell(1, 2, -111.5),
]  # fmt: skip


@pytest.mark.parametrize("stream", ["Workbook", "Book"])
@pytest.mark.parametrize("small", [False, True])
def test_an_old_workbook_is_read(stream: str, small: bool):
    content = old_workbook(dimensions(2, 3), *OLD_CELLS, stream=stream, small=small)

    [heron] = rows_of(content)

    assert heron.values == {"dam_name": "HERON", "latitude": 40.5, "longitude": -111.5}


@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize(
    "far",
    [
        number_cell(65_535, 65_535, 1.0),
        text_cell(65_535, 65_535, "x"),
        several_cells(65_535, 65_534, 65_535),
        dimensions(2**31, 65_535),
    ],
    ids=["number", "text", "several", "dimensions"],
)
def test_an_old_workbook_with_a_cell_far_away_is_refused_before_it_is_read(far: bytes, small: bool):
    content = old_workbook(*OLD_CELLS, far, small=small)

    with pytest.raises(InvalidFile, match=r"cells as far away as row .* and column 65,53[56]\."):
        rows_of(content)
    with pytest.raises(InvalidHydrograph, match=r"cells as far away as row .*column 65,53[56]\."):
        tables_of(content, "old.xls")


@given(st.integers(0, 1200), st.integers(0, 255))
def test_a_damaged_old_workbook_is_refused_in_a_sentence_or_read(place: int, byte: int):
    content = bytearray(old_workbook(dimensions(2, 3), *OLD_CELLS, small=True))
    content[place] = byte

    with suppress(InvalidFile):
        assert rows_of(bytes(content))


def test_an_old_workbook_that_is_cut_off_is_refused():
    content = old_workbook(dimensions(2, 3), *OLD_CELLS)

    for length in (8, 100, 512, 1000, 1030):
        with pytest.raises(InvalidFile, match=r"^The file is no workbook that can be read"):
            rows_of(content[:length])
        with pytest.raises(InvalidHydrograph, match="is not an Excel workbook"):
            tables_of(content[:length], "old.xls")


def test_a_workbook_without_a_table_is_refused():
    names = ["Dam Name", "Federal ID", "Latitude", "Longitude", "Year Completed", "Height (m)",
             "Last Inspection Date", "State Regulated Dam", "Remarks"]  # fmt: skip
    with pytest.raises(InvalidFile):
        rows_of(changed(**{f"<t>{name}</t>": "<t>12</t>" for name in names}))
