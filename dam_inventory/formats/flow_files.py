"""Opens a hydrograph's file: text in the usual encodings, packed or not, or a workbook."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile
import zlib

from ..domain.hydrograph import MAX_BYTES, too_large
from ..errors import InvalidHydrograph
from . import far_cells, gauge_rdb, panic
from .flow_columns import name_time_and_flow
from .flow_table import MAX_LINES, FlowTable, table_of, with_headings
from .flow_times import shortened
from .text import whole

MAX_UNPACKED = 10 * MAX_BYTES
"""The largest size of a packed file's content, in bytes."""

SUFFIXES = ".csv,.tsv,.txt,.rdb,.gz,.xlsx"

_SAVE_AS = "In a spreadsheet, save it as CSV or as an Excel workbook (.xlsx)."
_WITHOUT_READER = (
    "An Excel workbook needs the package python-calamine. Ask the person who runs this server to "
    'run: pip install "dam-inventory[formats]". Or save the sheet as CSV.'
)


def tables_of(content: bytes, file_name: str = "") -> tuple[FlowTable, ...]:
    """Return the tables of a file, at least one: one for each sheet or gauge that has values.

    content: text in UTF-8, UTF-16 or Windows-1252, also as gzip; or an Excel workbook.
    file_name: for messages about the whole file. Raises InvalidHydrograph.
    """
    name = f'"{shortened(file_name)}"' if file_name else "The file"
    if not content:
        raise InvalidHydrograph("Hydrograph file is required.")
    if len(content) > MAX_BYTES:
        raise too_large(name, len(content))
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _sheets(content, name)
    if content.startswith(b"\x1f\x8b"):
        content = _unpacked(content, name)
    if (text := whole(content)) is None:
        raise InvalidHydrograph(f"{name} is not a text file. {_SAVE_AS}")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MAX_LINES:
        raise InvalidHydrograph(f"{name} has more than {MAX_LINES:,} lines.")
    if not text.startswith("#") and "\n#" not in text:
        return (table_of(text),)
    lines = text.splitlines()
    comments = [line for line in lines if line.startswith("#")]
    without = ["" if line.startswith("#") else line for line in lines]
    if gauge_rdb.is_rdb(without):
        found = gauge_rdb.gauges(lines)
        if not found:
            raise InvalidHydrograph(f"{name} has no values.")
        return found
    return (_with_commented_headings(table_of("\n".join(without), comments), lines, comments),)


def _with_commented_headings(table: FlowTable, lines: list[str], comments: list[str]) -> FlowTable:
    """Take the comment right above the values for their headings, if it names time and flow.

    Models and numpy.savetxt write headings so.
    """
    above = table.lines[0] - 2 if table.lines else -1
    if any(table.headings) or above < 0 or not lines[above].startswith("#"):
        return table
    heading = lines[above].lstrip("# ")
    rest = ["" if line.startswith("#") else line for line in lines]
    rest[above] = heading
    try:
        named = table_of("\n".join(rest), comments)
    except InvalidHydrograph:
        return table
    return named if named.rows == table.rows and name_time_and_flow(named.headings) else table


def _unpacked(content: bytes, name: str) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            unpacked = packed.read(MAX_UNPACKED + 1)
    except EOFError as error:
        raise InvalidHydrograph(f"{name} ends too early: its gzip data is cut off.") from error
    except (zlib.error, OSError) as error:
        raise InvalidHydrograph(f"{name} is not valid gzip: {error}.") from error
    if len(unpacked) > MAX_UNPACKED:
        raise InvalidHydrograph(f"{name} has more than {MAX_UNPACKED // 10**6} MB unpacked.")
    return unpacked


def _sheets(content: bytes, name: str) -> tuple[FlowTable, ...]:
    # Imported late: the package is optional, and only workbooks need it.
    try:
        from python_calamine import CalamineError, load_workbook
    except ImportError:
        raise InvalidHydrograph(_WITHOUT_READER) from None
    try:
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                if sum(one.file_size for one in packed.infolist()) > MAX_UNPACKED:
                    most = MAX_UNPACKED // 10**6
                    raise InvalidHydrograph(f"{name} has more than {most} MB unpacked.")
        if fault := far_cells.fault_of(io.BytesIO(content)):
            raise InvalidHydrograph(f"{name}: {fault}")
        with panic.as_damage():
            workbook = load_workbook(io.BytesIO(content))
            sheets = {
                title: workbook.get_sheet_by_name(title).to_python(skip_empty_area=False)
                for title in workbook.sheet_names
            }
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise InvalidHydrograph(f"{name} is not an Excel workbook. {_SAVE_AS}") from error
    found = []
    for title, rows in sheets.items():
        texts = [[_text(cell) for cell in row] for row in rows]
        lines = [number for number, row in enumerate(texts, 1) if any(row)]
        if len(lines) > 1:
            found.append(with_headings(title, [texts[number - 1] for number in lines], lines))
    if not found:
        raise InvalidHydrograph(f"{name} has no sheet with values.")
    return tuple(found)


def _text(cell: object) -> str:
    match cell:
        case bool() | str():
            return str(cell).strip()
        case float():
            return repr(cell).removesuffix(".0")
        case dt.datetime():
            # A spreadsheet holds a time as a part of a day, which is seldom exact.
            return (cell + dt.timedelta(microseconds=500)).isoformat(" ", "seconds")
        case dt.timedelta():
            seconds = round(cell.total_seconds())
            return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        case dt.date() | dt.time():
            return cell.isoformat()
    return str(cell)
