"""Each walk-through of CONTRIBUTING.md works as it is written."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shutil
import subprocess
import sys
import textwrap
from dataclasses import asdict
from pathlib import Path

import polars as pl
import pytest

from dam_inventory.domain.field import Field
from tests.starting import ROOT, clean_environment

pytestmark = pytest.mark.slow


def steps(heading: str) -> list[str]:
    """Return the code of each step of a walk-through."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^( *)```python\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(code) for _, code in blocks]


class Tree:
    """A copy of the package, which steps change.

    folder: where it is; it is the folder of the commands that are run, too.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **clean_environment(),
            "PYTHONPATH": str(folder),
            "DAM_INVENTORY_DATABASE_URL": f"sqlite:///{folder / 'dams.db'}",
        }
        shutil.copytree(ROOT / "dam_inventory", folder / "dam_inventory")

    def write(self, file: str, code: str) -> None:
        """Write a new file of the package."""
        path = self.folder / "dam_inventory" / file
        assert not path.exists()
        path.write_text(code, "utf-8")

    def insert(self, file: str, code: str, *, after: str = "", before: str = "") -> None:
        """Insert code after or before a text that a file has once."""
        self.replace(file, after + before, after + code + before)

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.folder / "dam_inventory" / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{file}: {old}"
        path.write_text(text.replace(old, new), "utf-8")

    def remove_line(self, file: str, beginning: str) -> None:
        text = (self.folder / "dam_inventory" / file).read_text("utf-8")
        [line] = [one for one in text.splitlines(keepends=True) if one.startswith(beginning)]
        self.replace(file, line, "")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python with the changed package."""
        return subprocess.run(
            [sys.executable, *words], cwd=self.folder, env=self.environment,
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    def command(self, *words: str) -> str:
        """Run a command of the changed package, and return what it prints."""
        done = self.run("-m", "dam_inventory", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def script(self, code: str) -> str:
        """Run a script with the changed package, and return what it prints."""
        done = self.run("-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def import_rows(self, *lines: str) -> None:
        """Import lines of CSV as a person does."""
        (self.folder / "dams.csv").write_text("\n".join(lines) + "\n", "utf-8")
        self.command("import", "dams.csv")

    def exported(self, filter_text: str) -> list[str]:
        """Return the names of the dams that a filter exports, as a person does."""
        self.command("export", "--force", "some.csv", "--filter", filter_text)
        with (self.folder / "some.csv").open(encoding="utf-8-sig", newline="") as file:
            return [row["dam_name"] for row in csv.DictReader(file)]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


FACTS = """
from dam_inventory import DamDraft, open_inventory
from dam_inventory.views.cards.facts import facts_html

with open_inventory("dams.db") as app:
    snapshot = app.store.snapshot
    print(facts_html(snapshot.values(len(snapshot) - 1)))
DamDraft(freeboard_ft=-1).checked()
"""


def test_a_new_field_needs_three_steps(tree: Tree):
    field, column, migration = steps("Add a field")
    tree.insert("domain/fields.py", f"{field.rstrip()},\n", after="_HYDROLOGY = (\n")
    tree.insert("database/models.py", f"    {column}", before="    added_by: Mapped")
    tree.write("database/migrations/versions/0010_freeboard.py", migration)

    tree.import_rows("Dam Name,Freeboard (Ft)", "Heron Lake,4.5")
    tried = tree.run("-c", FACTS)

    assert ">Freeboard (ft)</dt><dd>4.5</dd>" in tried.stdout, tried.stderr
    assert "Freeboard (ft) must not be negative, but is -1." in tried.stderr


def values_of(field: str) -> list[tuple[str, object]]:
    """Return what a field is made of. field: its code."""
    return [*asdict(eval(field, {"Field": Field})).items()]


FILTERED = """
import json
from dam_inventory import open_inventory
from dam_inventory.views.filters.chips import FilterChips
from dam_inventory.views.filters.rail import FilterRail

with open_inventory("dams.db") as app:
    rail, chips = FilterRail(app.store), FilterChips(app.store)
    app.store.filter.spillway_type = ["Controlled"]
    app.store.filter.max_discharge_cfs = (1000, None)
    print(json.dumps([json.loads(one.content) for one in (rail, chips)]))
"""


def test_a_new_filter_needs_one_line(tree: Tree):
    facet, edges = steps("Add a filter")
    fields = (tree.folder / "dam_inventory/domain/fields.py").read_text("utf-8")
    [old] = re.findall(r'Field\(\s*"spillway_type",.*?^    \)', fields, re.DOTALL | re.MULTILINE)
    assert [one for one in values_of(facet) if one not in values_of(old)] == [("facet", True)]
    tree.replace("domain/fields.py", old, facet)
    tree.insert("snapshot/ranges.py", f"    {edges}", before="}  # fmt: skip")
    tree.import_rows(
        "Dam Name,Spillway Type,Max Discharge (Cubic Ft/Second)",
        "One,Controlled,500", "Two,Controlled,2000", "Three,Uncontrolled,2000", "Four,,",
    )  # fmt: skip

    assert tree.exported("spillway_type=Controlled") == ["One", "Two"]
    assert tree.exported("spillway_type=Controlled&max_discharge_cfs=1000..") == ["Two"]
    rail, chips = json.loads(tree.script(FILTERED))
    assert rail["matching"] == 1
    values = {value: count for value, _, count, _ in rail["folds"]["spillway_type"]["options"]}
    assert values == {"Controlled": 1, "Uncontrolled": 1, "": 0}
    discharge = rail["folds"]["max_discharge_cfs"]
    assert (sum(discharge["bins"]), discharge["unknown"]) == (2, 0)
    assert [text for _, _, text in chips["chips"]] == [
        "Spillway type: Controlled", "Maximum discharge: 1,000 cfs or more",
    ]  # fmt: skip
    assert chips["address"]["max_discharge_cfs"] == ["1000.."]


CHARTED = """
import json
from dam_inventory import open_inventory

with open_inventory("dams.db") as app:
    charts = app.charts
    [before] = [one for one in json.loads(charts.numbers)["charts"] if one["name"] == NAME]
    charts.asked = json.dumps([[1, "csv", NAME], [2, "only", NAME, "Removed"]])
    [after] = [one for one in json.loads(charts.numbers)["charts"] if one["name"] == NAME]
    print(json.dumps([before, after, json.loads(charts.saved), [*app.store.dams["dam_name"]]]))
"""


def test_a_new_chart_needs_one_line(tree: Tree):
    [line] = steps("Add a chart")
    tree.insert("snapshot/charts.py", f"    {line}", before='    "state": ("state",),\n')
    tree.import_rows(
        "Dam Name,Operational Status", "One,Operational", "Two,Removed", "Three,Removed", "Four,"
    )

    name = line.partition(":")[0]
    before, after, saved, shown = json.loads(tree.script(CHARTED.replace("NAME", name)))

    assert (before["title"], before["total"]) == ("Operational status", "6 dams")
    assert [mark[1:] for mark in before["marks"]] == [
        ["Removed", 2], ["Operational", 1], ["Unknown", 3],
    ]  # fmt: skip
    assert saved["text"].splitlines()[:2] == ["Operational status,Dams", "Removed,2"]
    assert after["marks"] == before["marks"]
    assert shown == ["Two", "Three"]


LISTENING = """
from threading import Event
from dam_inventory import Runtime
from dam_inventory.domain.messages import announcement

heard = Event()

def note(news):
    if news:
        print(announcement(news), flush=True)
        heard.set()

with Runtime.from_environment() as runtime:
    runtime.feed.pubsub.subscribe(note)
    runtime.feed.start()
    while not runtime.feed.is_connected:
        Event().wait(0.02)
    print("listening", flush=True)
    heard.wait(60)
"""


def test_a_new_relay_carries_a_signal_between_two_processes(tree: Tree):
    module, opener, line = steps("Add a relay")
    choice = "live/relay/choice.py"
    tree.write("live/relay/touch.py", module)
    tree.insert(choice, f"{opener}\n\n", before="BY_SCHEME: Mapping")
    tree.insert(choice, f"    {line}", before='}\n"""What opens a relay')
    # The heartbeat is too slow to have an effect.
    tree.environment |= {
        "DAM_INVENTORY_RELAY_URL": f"touch://{tree.folder / 'signal'}",
        "DAM_INVENTORY_HEARTBEAT_SECONDS": "3600",
    }

    with subprocess.Popen(
        [sys.executable, "-c", LISTENING], cwd=tree.folder, env=tree.environment,
        stdout=subprocess.PIPE, text=True,
    ) as listener:  # fmt: skip
        assert listener.stdout is not None
        assert listener.stdout.readline() == "listening\n"
        tree.import_rows("Dam Name", "Heron Lake")
        heard = listener.stdout.readline()

    assert heard == '1 dam has been imported from "dams.csv". Reload to see it.\n'
    checked = tree.run("-m", "dam_inventory", "check").stdout
    assert f"the file {tree.folder / 'signal'} announces changes between processes." in checked


def test_a_file_of_a_new_format_is_imported(tree: Tree):
    module, mark, case = steps("Add a file format")
    sniffing, registry = "formats/sniffing.py", "formats/registry.py"
    tree.write("formats/parquet.py", module)
    tree.insert(sniffing, '"parquet", ', after="Kind = Literal[")
    tree.insert(sniffing, f"    {mark.rstrip()},\n", before='    (b"\\x1f\\x8b", "gzip"),\n')
    tree.remove_line(sniffing, '    (b"PAR1", "a Parquet file')
    tree.insert(registry, textwrap.indent(case, " " * 8), before='        case "gzip":\n')
    tree.insert(registry, "parquet, ", before="scratch, sniffing")
    dams = {"Dam Name": ["Heron Lake", "No Height"], "NID Height (Ft)": [47.5, None]}
    pl.DataFrame(dams).write_parquet(tree.folder / "dams.parquet")
    packed = gzip.compress((tree.folder / "dams.parquet").read_bytes())
    (tree.folder / "packed.gz").write_bytes(packed)

    imported = tree.command("import", "dams.parquet")

    assert "2 added" in imported
    assert tree.exported("height=47..48") == ["Heron Lake"]
    assert tree.exported("height=unknown&search=No Height") == ["No Height"]
    assert "2 known and unchanged" in tree.command("import", "--dry-run", "packed.gz")
    (tree.folder / "broken.parquet").write_bytes(b"PAR1 and no more")
    assert "The Parquet file can't be read" in tree.run(
        "-m", "dam_inventory", "import", "broken.parquet"
    ).stderr  # fmt: skip
