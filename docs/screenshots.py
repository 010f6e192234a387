"""Take the pictures of these pages: `make screenshots`, or in another folder with ARGS=FOLDER.

The picture of the whole United States needs the national file: `NID_FILE=FILE make screenshots`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from dam_inventory.config.settings import Settings
from dam_inventory.domain.dam import DamDraft
from dam_inventory.domain.hydrograph import Hydrograph
from dam_inventory.domain.permissions import User
from dam_inventory.runtime import Runtime
from tests.ui.browser import ARGUMENTS, chromium
from tests.ui.server import serving

FOLDER = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parent
DAMS = (
    # From the National Inventory of Dams, a work of the U.S. Government.
    DamDraft("Hoover", "Reclamation", "Colorado River", "1936", 36.0161, -114.7377),
    DamDraft("Glen Canyon", "Reclamation", "Colorado River", "1966", 36.9375, -111.4837),
    DamDraft("Flaming Gorge", "Reclamation", "Green River", "1964", 40.9147, -109.4216),
    DamDraft("Grand Coulee", "Reclamation", "Columbia River", "1942", 47.9657, -118.9816),
    DamDraft("Fort Peck", "Army Corps of Engineers", "Missouri River", "1940", 48.0018, -106.4125),
)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the dashboard on a new database with DAMS in `folder`; yield the page's address."""
    url = f"sqlite:///{folder / 'dams.db'}"
    with Runtime(Settings(database_url=url)) as runtime:
        inventory = runtime.inventory
        alice, bob = (User(name, frozenset({"administer"})) for name in ("alice", "bob"))
        ids = {dam.dam_name: inventory.add(dam, by=alice).dam_id for dam in DAMS}
        hours = np.arange(0, 73, 0.5)
        # Made up: a flood that rises in a day and falls in two.
        flood = Hydrograph(hours, 8_000 + 52_000 * (hours / 24 * np.exp(1 - hours / 24)) ** 3)
        seen = inventory.assign_hydrograph(ids["Glen Canyon"], flood, by=bob).seq
        inventory.edit(ids["Glen Canyon"], {"nid_height_ft": "710"}, seen, by=alice)
        inventory.edit(
            ids["Glen Canyon"], {"date_built": "1966-09", "purposes": "Hydroelectric"},
            seen + 1, by=bob,
        )  # fmt: skip
    with serving(
        folder, anonymous="administer", basemap="Outline", subtitle="Dams of the American West"
    ) as server:
        yield server.url


@contextmanager
def served_nation(folder: Path, file: str) -> Iterator[str]:
    """Serve the dashboard on a new database with the dams of a national file."""
    url = f"sqlite:///{folder / 'dams.db'}"
    command = [sys.executable, "-m", "dam_inventory", "import", file]
    variables = {"DAM_INVENTORY_DATABASE_URL": url, "DAM_INVENTORY_EXAMPLE_DAMS": "false"}
    subprocess.run(command, check=True, env={**os.environ, **variables})
    with serving(folder, anonymous="administer", basemap="Outline") as server:
        yield server.url


def explore(browser: Browser, address: str) -> None:
    page = open_page(browser, address, 1440, 900)
    page.get_by_role("search", name="Filters").get_by_text("Texas").wait_for()
    page.wait_for_timeout(1500)
    page.screenshot(path=FOLDER / "explore.png")


def charts(browser: Browser, address: str) -> None:
    query = "?tab=charts&hazard_potential=High&date_built=1930..1970"
    page = open_page(browser, address + query, 1440, 900)
    page.get_by_role("option", name=re.compile("^Recreation: ")).wait_for()
    page.get_by_role("button", name="Larger panel").click()
    page.wait_for_timeout(1500)
    page.screenshot(path=FOLDER / "charts.png")


def open_page(browser: Browser, address: str, width: int, height: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.wait_for_function("Bokeh.documents[0]?.is_idle")
    return page


def add_dam(page: Page) -> None:
    page.get_by_role("button", name="Add dam").click()
    for label, text in {
        "Name": "Oroville",
        "River": "Feather River",
        "Date built": "May 4, 1968",
        "Latitude": "39.5389",
        "Longitude": "-121.4858",
    }.items():
        page.get_by_role("textbox", name=label, exact=True).fill(text)


RELEASE = """Dam Name,NID ID,Latitude,Longitude,State,Year Completed,NID Height (Ft),Inspector
Glen Canyon,AZ10307,36.9375,-111.4837,Arizona,1966,710,R. Chen
Oroville,CA00035,39.5389,-121.4858,California,1968,770,M. Diaz
Shasta,CA10186,40.7183,-122.4192,California,1945,602,
Garrison,ND00145,47.4949,-101.4110,North Dakota,before 1954,210,
"""
"""A file that knows more of one dam, and three dams that are new."""


def import_file(browser: Browser, address: str) -> None:
    page = open_page(browser, address, 1280, 860)
    page.get_by_role("button", name="Import a file").first.click()
    card = page.get_by_role("region", name="Import a file")
    file = {"name": "dams-2026.csv", "mimeType": "text/csv", "buffer": RELEASE.encode()}
    card.get_by_label("Choose file").set_input_files(file)
    card.get_by_role("button", name=re.compile("^(Other values|Weak evidence)")).first.click()
    card.get_by_role("radio", name="Also update known dams").check()
    page.wait_for_timeout(1000)
    page.screenshot(path=FOLDER / "import.png")


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        found = chromium(playwright.chromium)
        if found is None:
            sys.exit("No Chromium found. On Debian and Ubuntu: apt-get install chromium")
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        author = open_page(browser, address, 1280, 860)
        colleague = open_page(browser, address, 1280, 860)
        phone = open_page(browser, address, 390, 844)
        colleague.get_by_role("row", name=re.compile("Glen Canyon")).click()
        colleague.get_by_role("heading", name="Glen Canyon").wait_for()
        add_dam(author)
        author.wait_for_timeout(500)  # Material moves a label for 0.2 s.
        author.screenshot(path=FOLDER / "add-dam.png")
        author.get_by_role("button", name="Add", exact=True).click()
        colleague.get_by_role("button", name="Reload").wait_for()
        colleague.wait_for_timeout(500)  # The toast comes into view for 0.2 s.
        colleague.screenshot(path=FOLDER / "dashboard.png")
        phone.get_by_role("button", name="Dark theme").click()
        phone.mouse.move(195, 300)
        phone.get_by_role("button", name="Show").wait_for()
        phone.wait_for_timeout(500)
        phone.screenshot(path=FOLDER / "phone.png")
        colleague.get_by_role("button", name="Nevermind").click()
        colleague.get_by_role("button", name="Hydrograph", exact=True).click()
        colleague.get_by_role("button", name="Download CSV").wait_for()
        colleague.get_by_role("button", name="History", exact=True).click()
        colleague.get_by_role("button", name="Undo").first.wait_for()
        colleague.wait_for_timeout(500)
        colleague.screenshot(path=FOLDER / "hydrograph-and-history.png")
        import_file(browser, address)
        if file := os.environ.get("NID_FILE"):
            with tempfile.TemporaryDirectory() as other, served_nation(Path(other), file) as nation:
                explore(browser, nation)
                charts(browser, nation)
        browser.close()


if __name__ == "__main__":
    main()
