"""Who may do what, in the browsers of an administrator, an editor, a viewer and a stranger."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dam_inventory.server.auth import passwords
from tests.ui.conftest import OpenPage
from tests.ui.server import Server
from tests.visitor import SAFE, WITH_PASSWORDS

LOGINS = {name: (name, f"the password of {name}") for name in ("ann", "ed", "vi", "ada")}
WHO = """
everyone = []
users.ann = ["administer"]
users.ed = ["add_dams", "edit_any"]
users.ada = ["add_dams"]
"""
ALL = ("Edit", "Remove", "Assign hydrograph", "History")


@pytest.fixture(scope="module")
def login_server(serve: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Where ann administers, ed edits, ada adds at most three dams, and vi looks."""
    folder = tmp_path_factory.mktemp("who")
    for name, password in LOGINS.values():
        passwords.set_password(folder / "passwords.json", name, password)
    (folder / "who.toml").write_text(WHO)
    return serve(
        *("--warm", *WITH_PASSWORDS), environment=SAFE, max_dams_per_user=3,
        permissions_file=folder / "who.toml", passwords_file=folder / "passwords.json",
    )  # fmt: skip


def test_each_sees_what_they_may_do_and_toast_and_history_name_who_did_it(
    login_server: Server, open_page: OpenPage
) -> None:
    ann, ed, vi = (open_page(login_server, login=LOGINS[name]) for name in ("ann", "ed", "vi"))
    for page, offers, may_add in ((ann, ALL, True), (ed, ALL, True), (vi, ("History",), False)):
        page.select("Jordanelle")
        page.settle()
        page.details.expect_offers(*offers)
        assert page.button("Add dam").is_visible() is may_add
    vi.open_sidebar()
    expect(vi.page.get_by_text("Logged in as vi", exact=True)).to_be_visible()
    expect(vi.button("Assign hydrograph")).to_have_count(0)
    expect(vi.button("History of all dams")).to_be_visible()

    ed.edit_form.open()
    ed.edit_form.fill(river="River of ed")
    ed.edit_form.save()
    ed.expect_toast('Your changes to "Jordanelle" have been saved.')
    for page in (ann, vi):
        page.expect_toast('"Jordanelle" has been edited by ed. Reload to see it.')

    for page, may_undo in ((ann, True), (ed, True), (vi, False)):
        page.history.open()
        page.history.expect_sentences('"Jordanelle" has been edited by ed.')
        assert page.history.values(0) == ["River: Provo River → River of ed"]
        page.history.expect_undo_offered(may_undo)
        expect(page.history.entries.first.locator("time")).to_have_text(
            re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d UTC")
        )

    vi.page.get_by_role("link", name="Log out").click()
    expect(vi.page.get_by_text("You are logged out.")).to_be_visible()
    vi.page.goto(login_server.url)
    expect(vi.button("Log in")).to_be_visible()


@pytest.mark.long
def test_an_administrator_undoes_a_removal_and_an_edit(
    login_server: Server, open_page: OpenPage
) -> None:
    ann, ed = (open_page(login_server, login=LOGINS[name]) for name in ("ann", "ed"))
    ed.select("Deer Creek")
    ed.edit_form.open()
    ed.edit_form.fill(owner="Somebody", date_built="1941-05")
    ed.edit_form.save()
    ed.expect_toast('Your changes to "Deer Creek" have been saved.')
    ed.details.ask_to_remove()
    ed.details.remove()
    ed.expect_toast('"Deer Creek" has been removed.')
    ann.expect_toast(
        '"Deer Creek" has been edited by ed. "Deer Creek" has been removed by ed. '
        "Reload to see them."
    )

    ann.history.open_of_all()
    ann.history.expect_sentences(
        '"Deer Creek" has been removed by ed.', '"Deer Creek" has been edited by ed.'
    )
    ann.history.undo(1)
    expect(ann.history.error).to_have_text('"Deer Creek" has been removed by ed.')

    ann.history.undo(0)
    ann.expect_toast('"Deer Creek" has been restored. 2 other changes were loaded with it.')
    ed.expect_toast(
        '"Deer Creek" has been removed.\n"Deer Creek" has been restored by ann. Reload to see it.'
    )
    ann.history.expect_sentences(
        '"Deer Creek" has been restored by ann.',
        '"Deer Creek" has been removed by ed.',
        '"Deer Creek" has been edited by ed.',
    )
    ann.history.expect_undo_offered(False, False, True)

    ann.history.undo(2)
    ann.history.expect_sentences('"Deer Creek" has been edited by ann. This undid an earlier edit.')
    assert ann.history.values(0) == ["Owner: Somebody → Reclamation", "Date built: May 1941 → 1941"]
    ann.history.expect_undo_offered(True, False, False, False)
    ann.history.close()
    ann.select("Deer Creek")
    assert ann.details.facts()["Owner"] == "Reclamation"


@pytest.mark.long
def test_a_limit_of_dams_per_user_is_told_and_the_draft_is_kept(
    login_server: Server, open_page: OpenPage
) -> None:
    page = open_page(login_server, login=LOGINS["ada"])
    page.select("Jordanelle")
    page.details.expect_offers("Assign hydrograph", "History")
    for number in (1, 2, 3):
        page.add_dam(name=f"Of ada {number}")
        page.expect_toast(f'Your dam has been added: "Of ada {number}".')
        page.form.expect_closed()
    page.add_dam(name="Of ada 4")

    expect(page.form.alert).to_have_text(
        ["You have reached your limit of 3 dams. Remove one to add another."]
    )
    assert page.form.values()["name"] == "Of ada 4"

    page.table.search("of ada 1")
    page.table.click_on("Of ada 1")
    expect(page.form.field("Name")).to_have_value("Of ada 4")
    page.history.open_of_all()
    page.history.close()
    page.details.expect_offers(*ALL)
    page.details.ask_to_remove()
    page.details.remove()
    page.expect_toast('"Of ada 1" has been removed.')
    page.open_form()
    page.form.add()
    page.expect_toast('Your dam has been added: "Of ada 4".')


def test_where_everybody_may_only_look_nobody_is_offered_more(
    serve: Callable[..., Server], open_page: OpenPage
) -> None:
    page = open_page(serve("--warm", anonymous="view"))

    page.select("Jordanelle")

    page.details.expect_offers("History")
    assert not page.button("Add dam").is_visible()
    page.history.open()
    page.history.expect_sentences('A new dam has been added: "Jordanelle".')
    page.open_sidebar()
    expect(page.button("Assign hydrograph")).to_have_count(0)
    expect(page.page.get_by_role("link", name="Log out")).to_have_count(0)
