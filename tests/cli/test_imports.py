"""`python -m dam_inventory import`: what it reads, does, prints and returns."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dam_inventory.cli import imports
from dam_inventory.cli.main import main
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.changes import DamsImported
from dam_inventory.errors import DatabaseUnavailable

DATA = Path(__file__).parents[1] / "data"
FILE = str(DATA / "nid_2018.csv")

OLD = b"""dam_name,nidid,latitude,longitude,hazard,owner_name
HERON LAKE,UT00001,40.1,-111.1,L,ANNA
IBIS POND,UT00002,40.2,-111.2,S,BERT
"""
NEW = b"""Dam Name,NID ID,Federal ID,Latitude,Longitude,Hazard Potential Classification,Inspector
HERON LAKE,UT00001,UT00001,40.1,-111.1,High,Carl
IBIS POND,UT00002,UT00002,40.2,-111.2,Significant,
CURLEW DAM,UT00003,UT00003,40.3,-111.3,Low,Dora
"""


def _packed(content: bytes) -> bytes:
    # Without the time of day: a test's name, made of it, must be the same in each worker.
    return gzip.compress(content, mtime=0)


def report(added: int, without_place: int, known: int, refused: int) -> str:
    return (
        f"{added:>9} added\n"
        f"{without_place:>9} of them without a location\n"
        f"{known:>9} already in the inventory\n"
        f"{refused:>9} refused\n"
    )


OTHERS = "Columns kept as other facts: recordid.\n"


def test_an_import_prints_a_report(capsys, found: Callable[[], Inventory]):
    assert main(["import", FILE]) == 0

    output = capsys.readouterr()
    assert output.out == "Imported nid_2018.csv:\n" + report(7, 3, 0, 0) + OTHERS
    assert output.err == ""
    [change] = found().changes_since(2)
    assert isinstance(change, DamsImported)
    assert (change.count, change.source) == (7, "nid_2018.csv")


def test_importing_a_file_again_adds_nothing(capsys, found: Callable[[], Inventory]):
    main(["import", FILE])
    capsys.readouterr()

    assert main(["import", FILE]) == 0

    assert capsys.readouterr().out == "Imported nid_2018.csv:\n" + report(0, 0, 7, 0) + OTHERS
    assert (found().count(), len(found().changes_since(2))) == (9, 1)


@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_dash_reads_standard_input(
    capsys, typed: Callable[[bytes], None], found: Callable[[], Inventory], compress
):
    typed(compress(Path(FILE).read_bytes()))

    assert main(["import", "-"]) == 0

    assert capsys.readouterr().out == "Imported standard input:\n" + report(7, 3, 0, 0) + OTHERS
    assert found().changes_since(2)[0].source == "standard input"


def test_a_gzipped_file_is_read_whatever_its_name(capsys, tmp_path: Path):
    (tmp_path / "dams.csv").write_bytes(gzip.compress(Path(FILE).read_bytes()))

    main(["import", "dams.csv"])

    assert capsys.readouterr().out.startswith("Imported dams.csv:\n        7 added\n")


def test_every_refused_row_is_reported_with_its_number_and_reason(
    capsys, typed: Callable[[bytes], None]
):
    typed(b"dam_name,latitude,longitude\nA,40,-111,7\nB,40,-111\n" + b",x,y\n" * 30)

    assert main(["import", "-"]) == 3

    output = capsys.readouterr()
    assert output.out == "Imported standard input:\n" + report(1, 0, 0, 31)
    lines = output.err.splitlines()
    assert len(lines) == 31
    assert lines[0] == "Row 2 refused: The row has 4 cells, but the header has 3."
    assert lines[30].startswith("Row 33 refused: Latitude must be")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (_packed(Path(FILE).read_bytes())[:-20], "standard input can't be read: it is damaged"),
        (b"owner\nAnna\n", "No column has a name, an ID, or both coordinates of dams."),
    ],
)
def test_a_broken_file_changes_nothing_and_is_reported_in_one_sentence(
    capsys,
    typed: Callable[[bytes], None],
    found: Callable[[], Inventory],
    content: bytes,
    sentence: str,
):
    typed(content)

    assert main(["import", "-"]) == 1

    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(sentence)
    assert output.err.count("\n") == 1
    assert (found().count(), len(found().changes_since(0))) == (2, 2)


def test_a_broken_file_does_not_create_a_database(tmp_path: Path):
    (tmp_path / "letter.csv").write_text("Dear Anna")

    assert main(["import", "letter.csv"]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["letter.csv"]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("missing.csv", "missing.csv can't be read: No such file or directory.\n"),
        (".", ". can't be read: Is a directory.\n"),
    ],
)
def test_a_missing_file_is_reported_in_one_sentence(capsys, file: str, sentence: str):
    assert main(["import", file]) == 1
    assert capsys.readouterr().err == sentence


def test_a_file_with_too_many_dams_changes_nothing(
    capsys, monkeypatch: pytest.MonkeyPatch, found: Callable[[], Inventory]
):
    monkeypatch.setenv("DAM_INVENTORY_MAX_DAMS", "5")

    assert main(["import", FILE]) == 1

    assert capsys.readouterr().err == (
        "Unable to import 7 dams from nid_2018.csv, "
        "because the inventory has room for only 3 more.\n"
    )
    assert found().count() == 2


def test_interrupting_it_shows_no_traceback(
    capsys, monkeypatch: pytest.MonkeyPatch, found: Callable[[], Inventory]
):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(imports.dam_blocks, "read", stop)

    assert main(["import", FILE]) == 130
    assert capsys.readouterr().err == "Nothing was imported.\nStopped.\n"
    assert found().count() == 2


@pytest.mark.slow
def test_it_is_run_as_a_module():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "dam_inventory", "import", FILE],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Imported nid_2018.csv:\n" + report(7, 3, 0, 0) + OTHERS


@pytest.fixture
def old(capsys, typed: Callable[[bytes], None]) -> None:
    """The older release is imported."""
    typed(OLD)
    assert main(["import", "-"]) == 0
    capsys.readouterr()


def values(inventory: Inventory, name: str, field: str) -> list[object]:
    frame = inventory.snapshot().frame
    return frame[frame.dam_name == name][field].tolist()


def test_a_dry_run_says_what_would_happen_and_changes_nothing(
    capsys, old: None, typed: Callable[[bytes], None], found: Callable[[], Inventory]
):
    typed(NEW)

    assert main(["import", "--dry-run", "-"]) == 0

    output = capsys.readouterr()
    assert output.out.splitlines() == [
        "Looked at standard input (CSV, commas, UTF-8). Nothing was changed.",
        "        1 new",
        "        0 known and unchanged",
        "        0 known with other values",
        "        2 known on weak evidence",
        "        0 removed from the inventory",
        "        0 repeated in the file",
        "        0 refused",
        "Other values: Federal ID 2, Hazard potential 1, Other facts 1.",
        "Columns kept as other facts: Inspector.",
    ]
    assert output.err == ""
    assert (found().count(), len(found().changes_since(2))) == (4, 1)


def test_a_dry_run_creates_no_database(capsys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("DAM_INVENTORY_DATABASE_URL", "sqlite:///new.db")

    assert main(["import", "--dry-run", FILE]) == 0

    assert "        7 new\n" in capsys.readouterr().out
    assert [*tmp_path.iterdir()] == []


def test_without_options_known_dams_stay_as_they_are(
    capsys, old: None, typed: Callable[[bytes], None], found: Callable[[], Inventory]
):
    typed(NEW)

    assert main(["import", "-"]) == 0

    assert capsys.readouterr().out.startswith("Imported standard input:\n" + report(1, 0, 2, 0))
    assert values(found(), "HERON LAKE", "hazard_potential") == ["Low"]


@pytest.mark.parametrize(
    ("options", "hazard", "federal_id"),
    [
        (["--update"], "High", "UT00001"),
        (["--update", "--fields", "hazard_potential"], "High", None),
        (["--update", "--without-weak"], "Low", None),
    ],
)
def test_known_dams_are_updated_as_far_as_the_options_say(
    capsys, old: None, typed: Callable[[bytes], None], found: Callable[[], Inventory],
    options: list[str], hazard: str, federal_id: str | None,
):  # fmt: skip
    typed(NEW)

    assert main(["import", *options, "-"]) == 0

    assert values(found(), "HERON LAKE", "hazard_potential") == [hazard]
    assert values(found(), "HERON LAKE", "federal_id") == [federal_id]


def test_what_was_edited_here_is_overwritten_only_on_request(
    capsys, old: None, typed: Callable[[bytes], None], found: Callable[[], Inventory]
):
    snapshot = found().snapshot()
    [dam_id] = snapshot.frame.index[snapshot.frame.dam_name == "HERON LAKE"]
    found().edit(int(dam_id), {"hazard_potential": "Undetermined"}, snapshot.mark)

    for options, hazard in (
        (["--update"], "Undetermined"),
        (
            ["--update", "--overwrite-edited"],
            "High",
        ),
    ):
        typed(NEW)
        assert main(["import", *options, "-"]) == 0
        assert values(found(), "HERON LAKE", "hazard_potential") == [hazard]


def test_a_removed_dam_comes_back_only_on_request(
    capsys, old: None, typed: Callable[[bytes], None], found: Callable[[], Inventory]
):
    snapshot = found().snapshot()
    [dam_id] = snapshot.frame.index[snapshot.frame.dam_name == "HERON LAKE"]
    found().remove(int(dam_id), snapshot.mark)

    for options, number in ([], 0), (["--bring-back"], 1):
        typed(OLD)
        assert main(["import", *options, "-"]) == 0
        assert len(values(found(), "HERON LAKE", "state")) == number


def test_a_column_is_taken_for_what_the_person_says_and_remembered(
    capsys, typed: Callable[[bytes], None], found: Callable[[], Inventory]
):
    listed = b"Bauwerk;Hoehe;Note\nHeron;12,5;a\nIbis;30;b\n"
    said = ["--map", "Bauwerk=dam_name", "--map", "Hoehe=nid_height_ft:m"]
    for number, options in enumerate((said, [])):
        typed(listed.replace(b"Heron", b"Heron %d" % number))
        assert main(["import", *options, "-"]) == 0

    for number in range(2):
        [height] = values(found(), f"Heron {number}", "nid_height_ft")
        assert height == pytest.approx(41.01, abs=0.01)
    assert "Columns kept as other facts: Note." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("owner_name", '--map needs COLUMN=FIELD, not "owner_name".'),
        ("Owner=owner", 'The file has no column "Owner".'),
        ("owner_name=builder", 'A dam has no field "builder".'),
        ("hazard=nid_height_ft:furlong", '"furlong" is not a unit of NID height.'),
    ],
)
def test_a_wrong_column_is_refused_in_one_sentence(
    capsys, typed: Callable[[bytes], None], column: str, sentence: str
):
    typed(OLD)

    assert main(["import", "--map", column, "-"]) == 1
    assert capsys.readouterr().err == f"{sentence}\n"


@pytest.mark.parametrize(
    ("cell", "mark", "height"), [("1,234", ",", 1.234), ("1,234", ".", 1234.0)]
)
def test_the_decimal_mark_of_a_column_can_be_said(
    capsys, typed: Callable[[bytes], None], found: Callable[[], Inventory],
    cell: str, mark: str, height: float,
):  # fmt: skip
    typed(f"Dam Name;NID Height (Ft)\nHeron;{cell}\n".encode())

    column = f"NID Height (Ft)=nid_height_ft:ft:{mark}"
    assert main(["import", "--map", column, "-"]) == 0
    assert values(found(), "Heron", "nid_height_ft") == [height]


def test_projected_coordinates_are_transformed_once_their_system_is_said(
    capsys, typed: Callable[[bytes], None], found: Callable[[], Inventory]
):
    typed(b"Dam Name,Easting,Northing\nHeron,500000,4428236\n")

    said = ["--map", "Easting=longitude:EPSG:26912", "--map", "Northing=latitude:EPSG:26912"]
    assert main(["import", *said, "-"]) == 0
    assert values(found(), "Heron", "longitude") == [pytest.approx(-111, abs=1e-6)]
    assert values(found(), "Heron", "latitude") == [pytest.approx(40.0044, abs=1e-3)]


def test_an_unknown_field_is_a_wrong_argument(capsys):
    with pytest.raises(SystemExit):
        main(["import", "--update", "--fields", "hazard", FILE])
    assert 'a dam has no field "hazard"' in capsys.readouterr().err


def test_the_report_has_each_row_with_what_became_of_it(
    capsys, old: None, typed: Callable[[bytes], None], tmp_path: Path
):
    typed(NEW + b"=DIVER,UT00004,,91,0,Low,\nEIDER,UT00005,,40,-111,Low,,,7\n")

    assert main(["import", "--dry-run", "--report", "report.csv", "-"]) == 3

    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["Outcome"], row["Row"], row["Dam"]) for row in rows] == [
        ("new", "4", "CURLEW DAM"),
        ("new", "5", "'=DIVER"),
        ("weak", "2", "HERON LAKE"),
        ("weak", "2", "HERON LAKE"),
        ("weak", "2", "HERON LAKE"),
        ("weak", "3", "IBIS POND"),
        ("refused", "6", ""),
        ("unread", "5", "'=DIVER"),
        ("unread", "5", "'=DIVER"),
    ]
    by_field = {row["Field"]: (row["Value here"], row["Value in the file"]) for row in rows[2:5]}
    assert by_field == {
        "Federal ID": ("", "UT00001"),
        "Hazard potential": ("Low", "High"),
        "Inspector": ("", "Carl"),
    }
    assert "9 cells" in rows[6]["Reason"]
    assert rows[7]["Value in the file"] == "91"


def test_json_says_all_of_it(capsys, typed: Callable[[bytes], None]):
    typed(NEW + b"DIVER,UT00004,,40,-111,Low,,,7\n")

    assert main(["import", "--json", "-"]) == 3

    told = json.loads(capsys.readouterr().out)
    assert (told["source"], told["format"], told["dry_run"]) == (
        "standard input",
        "CSV, commas, UTF-8",
        False,
    )
    assert (told["rows"]["new"], told["rows"]["refused"]) == (3, 1)
    assert told["other_columns"] == ["Inspector"]
    assert [one["heading"] for one in told["columns"] if one["field"] == "nid_id"] == ["NID ID"]
    imported = told["imported"]
    assert (imported["added"], imported["updated"], imported["not_allowed"]) == (3, 0, [])
    assert isinstance(imported["seq"], int)


def test_a_file_of_which_no_row_can_be_read_is_an_error(capsys, typed: Callable[[bytes], None]):
    typed(b"dam_name,latitude,longitude\nA,1,2,3\nB,1,2,3\n")

    assert main(["import", "-"]) == 1

    output = capsys.readouterr()
    assert output.out == "Imported standard input:\n" + report(0, 0, 0, 2)
    assert [line[:14] for line in output.err.splitlines()] == ["Row 2 refused:", "Row 3 refused:"]


def test_what_is_not_sure_is_asked_not_guessed(
    capsys, typed: Callable[[bytes], None], found: Callable[[], Inventory]
):
    typed(b"Name of dam,Height\nHeron,12\n")

    assert main(["import", "-"]) == 0

    assert '--map "Height=FIELD:UNIT"' in capsys.readouterr().err
    assert found().snapshot().known("nid_height_ft") == 0


def test_many_unread_cells_are_told_in_few_lines(capsys, typed: Callable[[bytes], None]):
    rows = b"".join(b"Dam %d,tall\n" % number for number in range(30))
    typed(b"Dam Name,NID Height (Ft)\n" + rows)

    assert main(["import", "-"]) == 0

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 21
    assert lines[0].startswith('Row 2, NID Height (Ft): "tall" is left unknown. ')
    assert lines[20] == "10 more cells are left unknown; --report FILE lists them."


@pytest.mark.slow
def test_a_closed_pipe_ends_in_a_sentence(found: Callable[[], Inventory]):
    command = f'"{sys.executable}" -W error -m dam_inventory import "{FILE}" | true'
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 1
    assert done.stderr == ("The report was not read to its end. What it tells is done.\n")
    assert found().count() == 9


@pytest.mark.parametrize("what", ["the database itself", "the file that is read"])
def test_a_report_overwrites_neither_the_database_nor_the_file(
    capsys, tmp_path: Path, database_url: str, what: str
):
    file = tmp_path / "in.csv"
    file.write_bytes(OLD)
    database = Path(database_url.removeprefix("sqlite:///"))
    main(["import", str(file)])
    target = database if what == "the database itself" else file
    before = target.read_bytes()
    capsys.readouterr()

    assert main(["import", str(file), "--dry-run", "--report", str(target)]) == 1
    assert target.read_bytes() == before
    assert f"is {what}. Choose another file." in capsys.readouterr().err


def test_a_report_is_written_to_a_pipe_which_stays_a_pipe(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    assert main(["import", FILE, "--dry-run", "--report", str(pipe)]) == 0

    with os.fdopen(reader, encoding="utf-8-sig") as report:
        assert report.readline().startswith("Outcome,")
    assert pipe.is_fifo()


def test_what_fails_after_an_import_does_not_hide_it(
    capsys, monkeypatch: pytest.MonkeyPatch, found: Callable[[], Inventory]
):
    def fail(*_: object) -> None:
        raise DatabaseUnavailable("The database is locked by other work.")

    monkeypatch.setattr(Inventory, "remember_mapping", fail)
    monkeypatch.setattr(imports, "wake_others", fail)

    assert main(["import", FILE, "--map", "recordid="]) == 0

    output = capsys.readouterr()
    assert output.out.startswith("Imported nid_2018.csv:\n")
    assert output.err.splitlines() == [
        "Other processes hear of this within a heartbeat: The database is locked by other work.",
        "What the columns are taken for is not remembered: The database is locked by other work.",
    ]
    assert found().count() == 9


def test_an_export_does_not_overwrite_the_database(capsys, database_url: str):
    database = database_url.removeprefix("sqlite:///")
    main(["import", FILE])

    assert main(["export", database, "--force", "--format", "csv"]) == 1

    assert "is the database itself. Choose another file." in capsys.readouterr().err
    assert Path(database).read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
@pytest.mark.parametrize(
    "command", [["export", "--format", "csv", "--force"], ["import", FILE, "--report"]]
)
def test_nothing_is_written_to_a_file_that_sqlite_keeps_beside_the_database(
    capsys, database_url: str, found: Callable[[], Inventory], command: list[str], ending: str
):
    inventory = found()
    beside = Path(database_url.removeprefix("sqlite:///") + ending)
    before = beside.read_bytes() if beside.exists() else None

    assert main([*command, str(beside)]) == 1

    said = capsys.readouterr().err
    assert said == f"{beside} belongs to the database itself. Choose another file.\n"
    assert (beside.read_bytes() if beside.exists() else None) == before
    assert inventory.count() == 2
