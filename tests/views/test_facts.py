"""The facts about a dam in its card: every column of a file, in groups, with units, as text."""

from __future__ import annotations

import csv
import datetime as dt
import html
import re
from pathlib import Path

import pytest

from dam_inventory.database.inventory import Inventory
from dam_inventory.domain.fields import GROUPS
from dam_inventory.domain.units import METRIC
from dam_inventory.live.change_feed import ChangeFeed
from dam_inventory.session.store import DamStore
from dam_inventory.views.cards.details import DamDetails
from dam_inventory.views.cards.facts import facts_html, head_html
from tests.files import dams_of
from tests.importing import import_all

FILE = Path(__file__).parents[1] / "data" / "nid_2023.csv"
COLUMNS = dict(zip(*csv.reader(FILE.read_text().splitlines()), strict=True))
UNITS = {
    "Distance to Nearest City (Miles)": "Distance to nearest city (mi)",
    "Volume (Cubic Yards)": "Volume (cu yd)",
    "Drainage Area (Sq Miles)": "Drainage area (sq mi)",
    "Surface Area (Acres)": "Surface area (acres)",
    "Max Discharge (Cubic Ft/Second)": "Maximum discharge (cfs)",
    "NID Storage (Acre-Ft)": "NID storage (acre-ft)",
    "NID Height (Ft)": "NID height (ft)",
    "Inspection Frequency": "Inspection frequency (years)",
}


def shown(content: str) -> dict[str, str]:
    """Return the facts of a card, by label."""
    pairs = re.findall(r"<dt[^>]*>(.*?)</dt><dd>(.*?)</dd>", content)
    return {
        html.unescape(label): html.unescape(re.sub("<[^>]*>", "", text)) for label, text in pairs
    }


@pytest.fixture
def card(inventory: Inventory, feed: ChangeFeed, store: DamStore) -> str:
    """The card of a dam from a file with every column of the download of 2023."""
    import_all(inventory, dams_of(FILE), FILE.name)
    feed.catch_up()
    store.reload()
    details = DamDetails(store)
    store.selected = 3
    return str(details._properties.object)


def test_every_column_of_the_download_of_2023_is_shown(card: str):
    facts = shown(card)

    assert facts.keys() >= {"Scorecard Total", "Scorecard Total Category"}
    assert len(facts) == len(COLUMNS) - len(["Dam Name"]) + len(["Imported from"])
    missing = {
        column: cell
        for column, cell in COLUMNS.items()
        if column != "Dam Name" and not any(_same(cell, text) for text in facts.values())
    }
    assert missing == {}


def _same(cell: str, text: str) -> bool:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return cell[:4] in text and text.endswith(cell[:4])
    if text.endswith("°"):
        return re.fullmatch(r"-?\d+\.\d+", cell) is not None and f"{float(cell):.5f}°" == text
    plain = text.replace("; ", ";").replace(",", "")
    return plain == cell.replace(",", "").removesuffix(".0")


@pytest.mark.parametrize("column", UNITS)
def test_numbers_are_shown_with_their_unit(card: str, column: str):
    text = shown(card)[UNITS[column]]

    assert float(text.replace(",", "")) == float(COLUMNS[column])


def test_an_imported_dam_names_its_file_and_the_day_and_not_when_it_was_added(card: str):
    facts = shown(card)

    assert re.fullmatch(r"nid_2023\.csv on \d{4}-\d\d-\d\d", facts["Imported from"])
    assert not facts.keys() & {"Added at", "Added by"}


def test_a_dam_that_a_person_has_added_says_when():
    added = {"added_by": "anna", "added_at": dt.datetime(2026, 11, 27, 8, 5, tzinfo=dt.UTC)}

    assert shown(facts_html(added)) == {
        "Added by": "anna", "Added at": "2026-11-27 08:05 UTC",
    }  # fmt: skip


def test_the_facts_are_in_groups(card: str):
    headings = re.findall("<h3>(.*?)</h3>", card)

    assert headings == [*GROUPS, "Other facts", "In this inventory"]


def test_unknown_facts_and_empty_groups_are_left_out():
    content = facts_html({"dam_name": "Heron Lake", "river": "Provo River"})

    assert content.count("<h3>") == 1
    assert shown(content) == {"River": "Provo River"}


@pytest.mark.parametrize("column", ["county", "other_names", "website", "other_facts"])
def test_facts_are_text_and_never_markup(column: str):
    hostile = "<img src=x onerror=alert(1)>"
    value = {hostile: hostile} if column == "other_facts" else hostile

    content = facts_html({column: value})

    assert "<img" not in content
    assert hostile in shown(content).values()


def test_the_head_of_a_card_tells_most_of_a_dam():
    values = {
        "hazard_potential": "High", "county": "CLARK <b>", "state": "Nevada",
        "nid_height_ft": 730.0, "nid_storage_acre_ft": 30_237_000.0, "date_built": "1936-03-01",
    }  # fmt: skip

    assert head_html("HOOVER & son", values) == (
        "<h2>HOOVER &amp; son</h2>"
        '<p><b data-letter="H">High hazard</b> · CLARK &lt;b&gt;, Nevada</p>'
        "<p>730 ft · 30,237,000 acre-ft · 1936</p>"
    )
    assert head_html("Unknown", {}) == "<h2>Unknown</h2>"
    assert "222.5 m" in head_html("HOOVER", values, METRIC)


def test_parts_of_a_fact_stand_apart_and_a_place_is_told_to_a_meter():
    values = {"purposes": "Hydroelectric;Irrigation", "latitude": 40.598168}

    content = facts_html(values)

    assert "<dd>Hydroelectric; Irrigation</dd>" in content
    assert "<dd>40.59817°</dd>" in content
