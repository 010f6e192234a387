"""A page that is open while the next version comes: beside its server, and then in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, expect

from tests.members import Member
from tests.servers import PostgreSQL
from tests.ui.conftest import OpenPage
from tests.ui.server import serving
from tests.ui.wire import Wire

pytestmark = pytest.mark.long

LOST = "The connection to the server is lost. Reconnecting …"
UPGRADED = "A newer version of the dashboard has upgraded the database."


def stay(question: Dialog) -> None:
    question.dismiss()


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a new database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'dams.db'}"
        return
    postgresql: PostgreSQL = request.getfixturevalue("postgresql")
    with postgresql.database() as url:
        yield url


def test_a_page_stays_right_beside_the_next_version_and_goes_on_within_it(
    shared_url: str,
    tmp_path: Path,
    open_page: OpenPage,
    reached: Wire,
    wait_until: Callable[[Callable[[], object]], None],
) -> None:
    options = ("--allow-websocket-origin", reached.origin)
    folders = tmp_path / "old", tmp_path / "new"
    for folder in folders:
        folder.mkdir()
    with serving(folders[0], *options, "--warm", database_url=shared_url) as old:
        page = open_page(old, wire=reached)
        page.page.on("dialog", stay)
        page.open_form()
        page.form.fill(name="Heron Lake")
        page.form.field("River").press_sequentially("Green Ri")
        page.table.search("e")
        page.mark()
        old.add_dams("Before")
        page.expect_toast('A new dam has been added: "Before". Reload to see it.')
        page.reload()
        page.table.expect_text("3 of 3 dams")

        other = Member(tmp_path / "other", is_next=True, database_url=shared_url)
        with closing(other):
            wait_until(lambda: other.is_connected)
            other.rate(1)
            page.expect_toast("A change has been made. Reload to see it.")
            expect(page.page.get_by_text(UPGRADED)).to_be_visible()
            other.add(["By the next"])
            page.expect_toast(
                'A new dam has been added: "By the next". A change has been made. '
                "Reload to see them."
            )
            page.reload()
            page.table.expect_text("4 of 4 dams")
            page.table.click_on("Deer Creek")
            old.add_dams("Beside the next")
            page.expect_toast('A new dam has been added: "Beside the next". Reload to see it.')
            old.forgive()

            old.stop()
            expect(page.trouble).to_have_text(LOST)
            page.form.field("River").press("End")
            page.form.field("River").press_sequentially("ver")
            other.add(["Between the two"])
            other.rate(2)
            wait_until(lambda: other.heard[-2:] == [7, 8])
            # Not `--warm`, for which Panel runs the page before it imports plugins.
            with serving(
                folders[1], *options, "--plugins", "tests.upgraded", database_url=shared_url
            ) as new:
                reached.to(new.url)
                page.expect_toast(
                    'While you were away: A new dam has been added: "Between the two". '
                    '"Jordanelle" has been rated.'
                )
                expect(page.page.get_by_text(UPGRADED)).to_be_hidden()
                page.form.wait_for()
                page.settle()
                assert not page.is_marked
                assert page.form.values()["name"] == "Heron Lake"
                assert page.form.values()["river"] == "Green River"
                expect(page.table.search_field).to_have_value("e")
                page.table.expect_text("6 of 6 dams")
                page.close_toast()
                other.rate(1)
                page.expect_toast('"Deer Creek" has been rated. Reload to see it.')
                page.reload()
                page.form.fill(date_built="1950", latitude="40.5", longitude="-111.48")
                page.form.add()
                page.expect_toast('Your dam has been added: "Heron Lake".')
                page.table.expect_text("7 of 7 dams")
                new.expect_no_trouble()
