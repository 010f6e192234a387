"""Finds the one table in a zip file."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path, PurePosixPath
from typing import NoReturn

from ..errors import InvalidFile

MAX_UNPACKED = 4 << 30
"""The maximum size of what is unpacked to a file, or read at once, in bytes."""

_TABLES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xlsb", ".ods", ".xls", ".geojson",
           ".geojsonl", ".json", ".gpkg", ".shp", ".gz")  # fmt: skip
_PERHAPS = (".txt", ".dat", ".asc", "")
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_DOCUMENTS = {
    "word/": "a Word document. Save its table as CSV or Excel (.xlsx)",
    "ppt/": "a PowerPoint presentation. Save its table as CSV or Excel (.xlsx)",
}
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


def check_size(size: int) -> None:
    """Raise InvalidFile if a file is too large, unpacked. size: in bytes."""
    if size > MAX_UNPACKED:
        raise InvalidFile(f"Unpacked, the file has more than {MAX_UNPACKED >> 30} GB.")


def is_workbook(zipped: zipfile.ZipFile) -> bool:
    """Return whether a zip file is a workbook.

    Raises InvalidFile for other documents, and for a file that is too large.
    """
    names = zipped.namelist()
    check_size(sum(member.file_size for member in zipped.infolist()))
    if "mimetype" in names:
        kind = zipped.read("mimetype")[:200].decode("ascii", "replace").strip()
        if kind.startswith(_OPEN_DOCUMENT):
            if "spreadsheet" in kind:
                return True
            raise InvalidFile("The file is a text document. Save its table as CSV or .xlsx.")
    if "[Content_Types].xml" not in names:
        return False
    for folder, name in _DOCUMENTS.items():
        if any(one.startswith(folder) for one in names):
            raise InvalidFile(f"The file is {name}.")
    return any(one.startswith("xl/") for one in names)


def only_table(zipped: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the one file in a zip file that can be a table.

    Raises InvalidFile if there is none, or several.
    """
    members = [
        member
        for member in zipped.infolist()
        if not member.is_dir()
        and not any(part.startswith((".", "__MACOSX")) for part in _parts(member.filename))
    ]
    for endings in (_TABLES, _PERHAPS):
        found = [member for member in members if _ending(member.filename) in endings]
        if len(found) == 1:
            return found[0]
        if found:
            _several(found)
    if not members:
        raise InvalidFile("The zip file is empty.")
    raise InvalidFile(f"The zip file contains no table, but {_listed(members)}.")


def shapefile(zipped: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> Path:
    """Unpack the parts of a Shapefile into a folder, and return the path of its .shp file.

    They get names of ours: what a zip file calls them is not ours to trust.
    """
    stem = member.filename[: -len(".shp")].casefold()
    for one in zipped.infolist():
        ending = _ending(one.filename)
        if ending in _PARTS and one.filename[: -len(ending)].casefold() == stem:
            with zipped.open(one) as part, (folder / f"dams{ending}").open("wb") as copy:
                shutil.copyfileobj(part, copy)
    if not (folder / "dams.dbf").exists():
        raise InvalidFile("The Shapefile has no .dbf file. Put all its parts into the zip file.")
    return folder / "dams.shp"


def _several(members: list[zipfile.ZipInfo]) -> NoReturn:
    raise InvalidFile(
        f"The zip file contains {len(members)} tables: {_listed(members)}. Import each by itself."
    )


def _listed(members: list[zipfile.ZipInfo]) -> str:
    shown = ", ".join(member.filename[:60] for member in members[:5])
    return f"{shown} and {len(members) - 5} more" if len(members) > 5 else shown


def _parts(name: str) -> tuple[str, ...]:
    return PurePosixPath(name).parts


def _ending(name: str) -> str:
    return PurePosixPath(name.casefold()).suffix
