"""The walk-through "Add a field" of CONTRIBUTING.md works as it is written."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
TRIAL = """
import pathlib, sys

from dam_inventory.database.engine import open_database
from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.dam import DamDraft
from dam_inventory.formats.dam_rows import read
from dam_inventory.formats.mapping import suggest
from dam_inventory.formats.registry import open_table
from dam_inventory.views.cards.facts import facts_html

inventory = Inventory(open_database(sys.argv[1]))
file = pathlib.Path("dams.csv")
file.write_text("Dam Name,Freeboard (Ft)\\nHeron Lake,4.5\\n")
with open_table(file, file.name) as table:
    inventory.import_dams(inventory.look(read(table, suggest(table)), file.name))
snapshot = inventory.snapshot()
values = snapshot.values(len(snapshot) - 1)
print(values["freeboard_ft"], facts_html(values))
DamDraft(freeboard_ft=-1).checked()
"""


def steps() -> list[str]:
    """The code of each step."""
    text = (ROOT / "CONTRIBUTING.md").read_text().split("## Add a field")[1]
    return [
        textwrap.dedent(code) for code in re.findall(r"   ```python\n(.*?)   ```\n", text, re.S)
    ]


def test_a_new_field_needs_three_steps(tmp_path: Path):
    package = tmp_path / "dam_inventory"
    shutil.copytree(ROOT / "dam_inventory", package)
    field, column, migration = steps()
    fields, models = package / "domain" / "fields.py", package / "database" / "models.py"
    fields.write_text(fields.read_text().replace("_HYDROLOGY = (\n", f"_HYDROLOGY = (\n{field},\n"))
    end = "    added_by: Mapped"
    models.write_text(models.read_text().replace(end, f"    {column}{end}", 1))
    (package / "database/migrations/versions/0010_freeboard.py").write_text(migration)

    url = f"sqlite:///{tmp_path / 'dams.db'}"
    tried = subprocess.run(
        [sys.executable, "-c", TRIAL, url], cwd=tmp_path, capture_output=True, text=True
    )

    assert tried.stdout.startswith("4.5 "), tried.stderr
    assert ">Freeboard (ft)</dt><dd>4.5</dd>" in tried.stdout
    assert "Freeboard (ft) must not be negative, but is -1." in tried.stderr
