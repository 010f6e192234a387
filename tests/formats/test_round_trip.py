"""An export that is read again says the same about every dam."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dam_inventory.domain.checks import checked_value
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.field import Field
from dam_inventory.domain.fields import FIELD, FIELDS
from dam_inventory.errors import InvalidDam
from dam_inventory.formats import dam_rows
from dam_inventory.formats.exports import FORMATS, Columns, chunks
from dam_inventory.formats.mapping import suggest
from dam_inventory.formats.nid_headings import HEADINGS
from dam_inventory.formats.registry import open_table
from dam_inventory.snapshot.schema import COLUMNS, frame_of

MOMENT = dt.datetime(2026, 11, 27, tzinfo=dt.UTC)

Dam = dict[str, Any]

STRANGE = (
    "NA", "N/A", "-", "?", "null", "None", "unknown", "#N/A", "nan", "inf", "\\N", "TRUE", "0",
    "=1+1", "+1", "-1", "@A1", "'", "''", "'=1", "=\"a\"", "\uff1d1+1", "a, b", '", "', "a\tb",
    'say "no"', "x;y", "x|y", "  two  spaces ", "no\u00a0break", "<r>markup</r>", "<b>", "&amp;",
    "_x0041_", "_x005F_", "_x0041_x0042_", "_xlm", "*", "^.*$", "1,250", "1.250",
    "1988.0", "001", "1e5", "\u202ehidden", "\ufffe",
    "\U0001f30a", "e\u0301", "\u00c4", "\u0644\u0627", "{}", "[]", "P", "H", "RE", "sep=;",
    "#comment", "http://example.org", "Other fact: x", "x" * 200, "y" * 2000, "z" * 10_000,
)  # fmt: skip
NAMES = (
    *FIELD, *HEADINGS.values(), *(one.heading for one in FIELDS), "ID", "Id", "fid", "FID", "geom",
    "geometry", "rowid", "other_facts", "has_hydrograph", "Added_By", "Volume", "volume", "VOLUME",
    "Other fact: volume", "Other fact 2: volume", "Other fact: Other fact: x", "Stra\u00dfe",
    "STRASSE", "Height (m)", "capacity", "type", "properties", 'a "quoted" b', "back`tick", "[b]",
    "Latitude of the geometry", "ogc_fid", "name", "*", "^x$", "^.*$", "_x0041_x0042_",
    "recordid", "x, y", "2018", "h" * 200,
    "h" * 199 + "i", "h" * 199 + "I",
)  # fmt: skip


def valid(name: str, value: Any) -> Any:
    """Return a value as the inventory keeps it, None if it does not."""
    try:
        return checked_value(name, value)
    except ValueError:
        return None


VALID_NAMES = tuple(filter(None, dict.fromkeys(valid("dam_name", text) for text in STRANGE)))


def values_of(field: Field) -> st.SearchStrategy[Any]:
    """Return valid values of a field, as the inventory keeps them."""
    texts = st.sampled_from((*STRANGE, *field.categories)) | st.text(max_size=20)
    values: st.SearchStrategy[Any] = texts
    if field.kind == "number":
        numbers = st.floats(0, allow_infinity=False, allow_nan=False)
        values = numbers | st.sampled_from([0.1 + 0.2, 9999.0, 99.0, 1e16, 5e-324, 1e22, 123.456])
    elif field.kind == "degrees":
        most = 90 if field.name == "latitude" else 180
        values = st.floats(-most, most) | st.sampled_from([0.0, -99 / 7, 40.12345678901234, 1e-7])
    elif field.kind == "date":
        dates = st.dates(max_value=dt.date(2026, 1, 1)).map(str)
        cut = st.sampled_from([4, 7, 10])
        values = st.builds(lambda day, end: day[:end], dates, cut)
    elif field.kind == "link":
        values = st.sampled_from(["https://example.org/?a=1&b='2'#x", "http://\u00e4.example/"])

    return values.map(lambda value: valid(field.name, value))


FACTS = st.dictionaries(
    st.sampled_from(NAMES) | st.sampled_from(STRANGE[:-2]) | st.text(max_size=12),
    st.sampled_from(STRANGE) | st.text(max_size=20),
    max_size=6,
)


@st.composite
def dams(draw: st.DrawFn) -> Dam:
    names = draw(st.sets(st.sampled_from(list(FIELD)), max_size=12)) | {"dam_name"}
    values = {name: draw(values_of(FIELD[name])) for name in sorted(names)}
    if draw(st.booleans()):
        values |= {name: draw(values_of(FIELD[name])) for name in ("latitude", "longitude")}
    try:
        others = DamDraft("x", other_facts=draw(FACTS)).checked_facts().get("other_facts")
    except InvalidDam:
        others = None
    known = {**values, "other_facts": others}
    known = {name: value for name, value in known.items() if value is not None}
    if len(known.keys() & {"latitude", "longitude"}) == 1:
        del known[(known.keys() & {"latitude", "longitude"}).pop()]
    return {"dam_name": "Heron Lake", **known}


def exported(found: Sequence[Dam], format_name: str, columns: Columns) -> bytes:
    rows = []
    for number, dam in enumerate(found, 1):
        row = {"id": number, "added_at": MOMENT, "added_by": "NA", **dam}
        if others := row.get("other_facts"):
            row["other_facts"] = json.dumps(others)
        rows.append(tuple(row.get(name) for name in COLUMNS))

    def parts() -> Iterator[pl.DataFrame]:
        return (frame_of(rows[start : start + 2]) for start in range(0, len(rows), 2))

    return b"".join(chunks(parts, format_name, columns))


def read(data: bytes) -> list[dam_rows.DamRow]:
    with open_table(io.BytesIO(data), "dams") as table:
        found = list(dam_rows.read(table, suggest(table)))
    assert [one for one in found if isinstance(one, dam_rows.Refused)] == []
    return [one for one in found if isinstance(one, dam_rows.DamRow)]


ALL_FORMATS = [(name, "inventory") for name in FORMATS] + [("csv", "nid"), ("gpkg", "nid")]
EVERYTHING = {
    **{one.name: one.categories[0] if one.categories else f"The {one.label}" for one in FIELDS},
    **{one.name: 0.1 + place for place, one in enumerate(FIELDS) if one.is_number},
    **{one.name: "1941-05" for one in FIELDS if one.kind == "date"},
    "website": "https://example.org",
}


@pytest.mark.parametrize(("format_name", "columns"), ALL_FORMATS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(found=st.lists(dams(), min_size=1, max_size=4))
@example(found=[EVERYTHING])
@example(found=[{"dam_name": name} for name in VALID_NAMES])
@example(found=[{"dam_name": "x", "other_facts": dict.fromkeys(NAMES, "NA")}])
@example(found=[{"dam_name": "x", "other_facts": dict.fromkeys(VALID_NAMES, "=1")}])
@example(found=[{"dam_name": "x", "latitude": 0.0, "longitude": 0.0}])
def test_every_valid_value_is_read_back_as_it_is(
    format_name: str, columns: Columns, found: list[Dam]
) -> None:
    back = read(exported(found, format_name, columns))
    assert [one.values for one in back] == found
    assert [one.exported_id for one in back] == list(range(1, len(found) + 1))
    assert all(one.unread == () for one in back)
