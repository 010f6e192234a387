"""Actions that a page does not offer are refused if a client sends them anyway."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dam_inventory.views.map.marks import DRAFT
from tests.attacker import Attacker
from tests.server.conftest import ServePeople
from tests.ui.server import Server, dam
from tests.visitor import Visitor, password_of

pytestmark = [pytest.mark.slow, pytest.mark.long]

WHO = """
everyone = []
users.ada = ["add_dams"]
"""
DEER_CREEK = 1


@pytest.fixture(scope="module")
def server(serve_people: ServePeople) -> Server:
    """A server on which vi has no permissions, and ada may add dams."""
    return serve_people("vi", "ada", permissions=WHO)


def hydrograph(peak_flow: int) -> list[object]:
    """Return a file as a page sends it."""
    content = f"0,1\n1,{peak_flow}\n".encode()
    return ["flood.csv", len(content), 1, 0, b64encode(content).decode()]


@contextmanager
def attacking(server: Server, name: str) -> Iterator[Attacker]:
    """Log in, and open the websocket of a page without a browser."""
    visitor = Visitor(server)
    assert visitor.log_in(name, password_of(name))
    with visitor.connected(visitor.token()) as connection:
        yield Attacker(connection)


def fill_and_add(attacker: Attacker, name: str) -> None:
    """Fill and submit the form, even if its button is hidden."""
    attacker.press("Add dam")
    attacker.type(Name=name, Owner="Nobody", River="Lethe", Date_built="1950")
    attacker.type(Latitude="40.5", Longitude="-111.5")
    # Panel waits a moment for more changes before the map marks the place.
    attacker.wait_for_text(DRAFT)
    attacker.press("Add")


def test_a_user_with_permission_adds_a_dam_with_the_requests_that_these_tests_forge(server: Server):
    start = server.mark
    with attacking(server, "ada") as ada:
        fill_and_add(ada, "Forged well")
        server.expect_log(r"Published change", start)

    [added] = server.inventory.history(server.id_of("Forged well"))
    assert added.by == "ada"


def test_a_viewer_who_forges_the_form_adds_nothing(server: Server):
    start, before = server.mark, server.inventory.count()

    with attacking(server, "vi") as vi:
        fill_and_add(vi, "Forged")
        server.expect_complaint(r"ERROR .*Refused: vi may not add dams\.", start)

    assert server.inventory.count() == before


@pytest.mark.parametrize("name", ["vi", "ada"])
def test_forged_buttons_of_another_users_dam_change_nothing(server: Server, name: str):
    start, before = server.mark, server.inventory.history()

    with attacking(server, name) as attacker:
        attacker.set("DamTable", "clicked", DEER_CREEK)

        attacker.press("Remove")  # The button that confirms the removal.
        server.expect_complaint(rf'Refused: {name} may not remove "Deer Creek"\.', start)
        attacker.press("Edit")
        attacker.type(River="Lethe")
        attacker.press("Save")
        server.expect_complaint(rf'Refused: {name} may not edit "Deer Creek"\.', start)

    assert server.inventory.history() == before


def test_a_viewer_who_forges_the_hydrograph_form_assigns_none(server: Server):
    start = server.mark

    with attacking(server, "vi") as vi:
        vi.set("DamTable", "clicked", DEER_CREEK)
        vi.press("Assign hydrograph")
        vi.set("FileField", "file", hydrograph(2))
        vi.wait_for_text("Peak flow 2 cfs")
        vi.press("Assign")
        server.expect_complaint(r'Refused: vi may not assign a hydrograph to "Deer Creek"\.', start)

    assert server.inventory.hydrograph(DEER_CREEK) is None


def test_a_forged_undo_restores_nothing(server: Server):
    change = server.inventory.add(dam("Gone", latitude=40.6))
    removal = server.inventory.remove(change.dam_id, seen=change.seq)
    start, before = server.mark, server.inventory.history()

    for name in ("vi", "ada"):
        with attacking(server, name) as attacker:
            attacker.set("DamTable", "clicked", DEER_CREEK)
            attacker.press("History")
            attacker.set("HistoryList", "undone", removal.seq)
            server.expect_complaint(rf"Refused: {name} may not undo changes of others\.", start)

    assert server.inventory.history() == before


def test_an_invalid_file_raises_no_error_on_the_server(server: Server):
    with attacking(server, "ada") as ada:
        ada.set("DamTable", "clicked", DEER_CREEK)
        ada.press("Assign hydrograph")
        nothing, no_table = "Hydrograph file is required.", "Line 1 has 1 column."
        files = (
            (["a", 3, 1, 0, "\N{SNOWMAN}"], nothing),
            (["b", -1, 1, 0, "===="], nothing),
            (["c", "3", 1, 0, 7], nothing),
            (["d", None, 1, 0, None], no_table),
        )
        for peak_flow, (file, sentence) in enumerate(files, 3):
            ada.set("FileField", "file", file)
            ada.wait_for_text(sentence)
            ada.set("FileField", "file", hydrograph(peak_flow))
            ada.wait_for_text(f"Peak flow {peak_flow} cfs")

    server.expect_no_trouble()
