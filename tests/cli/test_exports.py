"""`python -m dam_inventory export`: what it writes, prints and returns."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dam_inventory.cli import exports
from dam_inventory.cli.main import main
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.fields import FIELD
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.formats import dam_rows, hydrograph_csv
from dam_inventory.formats.exports import FORMATS
from tests.importing import import_all

DAMS = [
    {"dam_name": "Heron Lake", "state": "Utah", "hazard_potential": "High", "owner": "NA",
     "latitude": 40.5, "longitude": -111.123456789012, "nid_height_ft": 0.1 + 0.2,
     "date_built": "1941-05", "other_facts": {"Volume": "7", "volume": "=1+1", "Aspect": "-"}},
    {"dam_name": "=2+2", "state": "Utah", "hazard_potential": "Low"},
    {"dam_name": "Curlew, \"upper\"", "state": "Idaho", "hazard_potential": "High"},
]  # fmt: skip


@pytest.fixture
def inventory(database_url: str, opened: Callable[..., Engine]) -> Inventory:
    """An inventory of three dams, of which two have twins."""
    inventory = Inventory(opened(database_url, example_dams=False))
    rows = [
        dam_rows.DamRow(number, dict(dam), exported_id=number)
        for number, dam in enumerate([*DAMS, *DAMS[1:]], 2)
    ]
    with inventory.look(rows, "dams.csv") as look:
        inventory.import_dams(look)
    return inventory


def known(inventory: Inventory) -> list[dict[str, Any]]:
    snapshot = inventory.snapshot()
    all_values = (snapshot.values(row) for row in snapshot.rows().tolist())
    return [
        {name: value for name, value in values.items() if name in (*FIELD, "other_facts")}
        for values in all_values
    ]


def lines(file: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Path(file).read_text("utf-8-sig"))))


@pytest.mark.parametrize("format_name", FORMATS)
def test_an_export_imported_again_is_the_same_inventory(
    capsys, inventory: Inventory, opened: Callable[..., Engine], format_name: str,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    file = f"dams{FORMATS[format_name].suffix}"
    assert main(["export", file]) == 0
    assert capsys.readouterr().out == f"Exported 5 dams to {file}.\n"

    url = f"sqlite:///{tmp_path}/other.db"
    monkeypatch.setenv("DAM_INVENTORY_DATABASE_URL", url)
    monkeypatch.setenv("DAM_INVENTORY_EXAMPLE_DAMS", "no")
    assert main(["import", file]) == 0

    assert known(Inventory(opened(url, example_dams=False))) == known(inventory)
    assert len(known(inventory)) == 5


def test_a_filter_chooses_the_dams(inventory: Inventory):
    assert main(["export", "a.csv", "--filter", "state=Utah&hazard=High"]) == 0
    assert [line["dam_name"] for line in lines("a.csv")] == ["Heron Lake"]
    assert main(["export", "b.csv", "--filter", "hazard=High"]) == 0
    assert [line["id"] for line in lines("b.csv")] == ["1", "3", "5"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("owner=NA", ["1"]),
        ("bbox=-112,40,-111,41", ["1"]),
        ("date_built=1941-05", ["1"]),
        ("dam_name=%3D2%2B2", ["2", "4"]),
        ("datetime=2000-01-01/..&state=Idaho", ["3", "5"]),
        ("datetime=../2000-01-01", []),
    ],
)
def test_every_filter_of_the_api_chooses_dams(inventory: Inventory, text: str, ids: list[str]):
    assert main(["export", "dams.csv", "--filter", text]) == 0
    assert [line["id"] for line in lines("dams.csv")] == ids


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("stat=Utah", 'There is no parameter "stat". Did you mean "state"?\n'),
        ("state", '--filter is "state", but needs NAME=VALUE, separated by &.\n'),
        ("hazard=Hgih", 'hazard_potential is "Hgih", which no dam has. Did you mean "High"?'),
        ("height=tall", 'nid_height_ft is "tall", but must be a number, low..high'),
    ],
)
def test_a_wrong_filter_is_refused_in_words_and_nothing_is_written(
    capsys, inventory: Inventory, text: str, sentence: str
):
    assert main(["export", "dams.csv", "--filter", text]) == 1
    assert capsys.readouterr().err.startswith(sentence)
    assert not Path("dams.csv").exists()


def test_the_ending_is_the_format_unless_one_is_given(capsys, inventory: Inventory):
    assert main(["export", "a.JSON"]) == 0
    assert len(json.loads(Path("a.JSON").read_text("utf-8"))["features"]) == 5
    assert main(["export", "dams.data"]) == 1
    assert 'No format has the ending ".data". End FILE with .csv' in capsys.readouterr().err
    assert main(["export", "dams.data", "--format", "csv", "--columns", "nid"]) == 0
    assert lines("dams.data")[0]["Dam Name"] == "Heron Lake"


def test_a_file_is_not_overwritten_unless_forced(capsys, inventory: Inventory):
    Path("dams.csv").write_text("mine")
    assert main(["export", "dams.csv"]) == 1
    assert capsys.readouterr().err == "dams.csv exists. Add --force to overwrite it.\n"
    assert Path("dams.csv").read_text() == "mine"
    assert main(["export", "dams.csv", "--force"]) == 0
    assert len(lines("dams.csv")) == 5


def test_an_export_through_a_link_writes_the_file_behind_it(inventory: Inventory):
    Path("real.csv").touch()
    Path("link.csv").symlink_to("real.csv")
    assert main(["export", "link.csv", "--force"]) == 0
    assert Path("link.csv").is_symlink()
    assert len(lines("real.csv")) == 5


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (OSError(28, "No space left on device"), 1, "can't be written: No space left on device."),
        (KeyboardInterrupt(), 130, "dams.csv was not written.\nStopped."),
    ],
)
def test_an_export_that_fails_leaves_nothing(
    capsys, inventory: Inventory, monkeypatch: pytest.MonkeyPatch,
    failure: BaseException, code: int, said: str,
):  # fmt: skip
    def failing(*_: object, **__: object) -> Iterator[bytes]:
        yield b"half"
        raise failure

    before = sorted(Path().iterdir())
    monkeypatch.setattr(exports, "chunks", failing)
    assert main(["export", "dams.csv"]) == code
    assert said in capsys.readouterr().err
    assert sorted(Path().iterdir()) == before


def test_a_folder_and_a_place_that_does_not_exist_are_refused(capsys, inventory: Inventory):
    Path("folder.csv").mkdir()
    assert main(["export", "folder.csv", "--force"]) == 1
    assert main(["export", "none/dams.csv"]) == 1
    assert capsys.readouterr().err == (
        "folder.csv is a directory.\nnone/dams.csv can't be written: No such file or directory.\n"
    )


def test_a_pipe_or_a_device_is_never_replaced_by_a_file(capsys, inventory: Inventory):
    os.mkfifo("pipe.csv")
    assert main(["export", "pipe.csv", "--force"]) == 1
    assert capsys.readouterr().err == (
        "pipe.csv is not a regular file. To write to a pipe, use - as FILE.\n"
    )
    assert Path("pipe.csv").is_fifo()


def test_a_link_to_a_pipe_as_dev_stdout_may_be_is_refused_in_the_same_words(
    capsys, inventory: Inventory
):
    reader, writer = os.pipe()
    Path("link.csv").symlink_to(f"/proc/self/fd/{writer}")
    assert main(["export", "link.csv", "--force"]) == 1
    os.close(reader)
    os.close(writer)
    assert "is not a regular file. To write to a pipe, use - as FILE." in capsys.readouterr().err


def test_a_database_that_does_not_exist_is_not_created(
    capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DAM_INVENTORY_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    assert main(["export", "dams.csv"]) == 1
    assert "none.db does not exist. Set DAM_INVENTORY_DATABASE_URL" in capsys.readouterr().err
    assert not Path("none.db").exists()
    assert not Path("dams.csv").exists()


def test_standard_output_has_the_dams_and_standard_error_the_report(
    capfdbinary, inventory: Inventory
):
    assert main(["export", "-", "--filter", "state=Idaho"]) == 0
    output = capfdbinary.readouterr()
    assert output.out.startswith(b"id,dam_name,")
    assert len(list(csv.reader(io.StringIO(output.out.decode())))) == 3
    assert output.err == b"Exported 2 dams to standard output.\n"


@pytest.mark.slow
def test_a_reader_that_stops_early_is_told_in_a_sentence(database_url: str, inventory: Inventory):
    import_all(inventory, [{"dam_name": f"Dam {number}" * 9} for number in range(5_000)])
    run = subprocess.Popen(
        [sys.executable, "-m", "dam_inventory", "export", "-"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert run.stdout is not None
    assert run.stdout.read(2) == b"id"
    run.stdout.close()
    assert run.stderr is not None
    assert run.stderr.read() == b"The export was not read to its end.\n"
    assert run.wait(60) == 1
    run.stderr.close()


def test_the_history_is_a_line_for_each_changed_field(capsys, inventory: Inventory):
    seen = inventory.changes_since(0)[-1].seq
    inventory.remove(2, seen=seen)
    inventory.edit(1, {"owner": "Ann", "nid_height_ft": 52.0}, seen=seen)
    assert main(["export", "log.csv", "--history"]) == 0
    assert capsys.readouterr().out == "Exported 3 changes to log.csv.\n"
    found = [
        [line[name] for name in ("kind", "dam_id", "dam_name", "field", "old", "new")]
        for line in lines("log.csv")
    ]
    assert found == [
        ["DamsImported", "", "", "", "", ""],
        ["DamRemoved", "2", "'=2+2", "", "", ""],
        ["DamEdited", "1", "Heron Lake", "owner", "NA", "Ann"],
        ["DamEdited", "1", "Heron Lake", "nid_height_ft", "0.30000000000000004", "52.0"],
    ]
    assert main(["export", "one.csv", "--history", "--dam", "3"]) == 0
    assert [line["kind"] for line in lines("one.csv")] == ["DamsImported"]


def test_the_hydrographs_of_the_dams_are_written(capsys, inventory: Inventory):
    for dam_id in (1, 3):
        inventory.assign_hydrograph(dam_id, Hydrograph([0, 1.5, 3], [1, float("nan"), 5]))
    assert main(["export", "all.csv", "--hydrographs"]) == 0
    assert [line["dam_id"] for line in lines("all.csv")] == ["1"] * 3 + ["3"] * 3
    assert main(["export", "utah.csv", "--hydrographs", "--filter", "state=Utah"]) == 0
    assert {line["dam_name"] for line in lines("utah.csv")} == {"Heron Lake"}
    assert main(["export", "one.csv", "--hydrographs", "--dam", "3"]) == 0
    assert capsys.readouterr().out.endswith("Exported 1 hydrograph to one.csv.\n")
    read = hydrograph_csv.parse(Path("one.csv").read_bytes(), "one.csv")
    assert read.time.tolist() == [0, 1.5, 3]
    assert read.missing == 1


@pytest.mark.parametrize("what", ["--history", "--hydrographs"])
def test_a_dam_that_does_not_exist_is_refused(capsys, inventory: Inventory, what: str):
    assert main(["export", "a.csv", what, "--dam", "999"]) == 1
    assert "999" in capsys.readouterr().err
    assert not Path("a.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["a.xlsx", "--history"], "--history is written as CSV only: end FILE with .csv.\n"),
        (["a.csv", "--dam", "3"], "--dam needs --history or --hydrographs.\n"),
        (["a.csv", "--history", "--filter", "state=Utah"],
         "--history and --dam have no filter. Leave out --filter.\n"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_refused(
    capsys, inventory: Inventory, arguments: list[str], sentence: str
):
    assert main(["export", *arguments]) == 1
    assert capsys.readouterr().err == sentence
