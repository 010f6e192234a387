"""Dams are edited and removed, also by two people at once, and drafts are not lost on the way."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.server import Server
from tests.ui.wire import Wire


def known(server: Server, dam_id: int) -> dict[str, object]:
    """Return what is known of a dam now."""
    snapshot = server.inventory.snapshot()
    return snapshot.values(snapshot.row_of(dam_id))


def edit(server: Server, dam_id: int, **facts: object) -> None:
    """Edit a dam as another person does."""
    server.inventory.edit(dam_id, facts, seen=server.inventory.snapshot().revision)


def test_an_edit_is_saved_and_told_and_wrong_values_get_their_errors_beside_the_fields(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = server.add_dam("Edited", latitude=40.5, nid_height_ft=235.0)
    editor, reader = open_page(server), open_page(server)
    editor.select("Edited")
    form = editor.edit_form

    form.open()
    expect(editor.page.get_by_role("heading", name='Edit "Edited"')).to_be_visible()
    assert form.values() == {
        "name": "Edited", "owner": "Other", "river": "Provo River", "date_built": "1950",
        "latitude": "40.5", "longitude": "-111.48",
    }  # fmt: skip
    form.open_group("Structure")
    expect(form.field("NID height (ft)")).to_have_value("235")
    editor.map.expect_draft_at(-111.48, 40.5)

    form.fill(name="", date_built="1950-02-30")
    form.field("Length (ft)").fill("long")
    form.save()
    form.expect_errors(
        {"name": "Name is required.", "date_built": 'The date "1950-02-30" does not exist.'}
    )
    expect(form.alert).to_have_text(["3 fields need attention."])
    expect(form.field("Length (ft)")).to_have_attribute("aria-invalid", "true")
    expect(form.field("Name")).to_be_focused()
    assert known(server, dam_id)["dam_name"] == "Edited"

    form.fill(name="Edited well", date_built="April 12, 1993", owner="Army Corps of Engineers")
    form.field("Length (ft)").fill("1200")
    editor.map.click_at(-111.47, 40.52)
    form.field("River").press("Enter")

    editor.expect_toast('Your changes to "Edited well" have been saved.')
    form.expect_closed()
    editor.details.expect_open("Edited well")
    facts = editor.details.facts()
    assert (facts["Date built"], facts["Length (ft)"]) == ("April 12, 1993", "1,200")
    assert (facts["Owner"], facts["Latitude"][:5]) == ("Army Corps of Engineers", "40.52")
    assert editor.map.draft_marks() == []
    reader.table.search("edited")
    reader.expect_toast('"Edited well" has been edited. Reload to see it.')
    expect(reader.table.row("Edited")).to_be_visible()
    reader.reload()
    expect(reader.table.row("Edited well")).to_be_visible()


def test_who_edits_what_another_has_edited_sees_all_versions_and_chooses_one_for_each_field(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = server.add_dam("Contested")
    page = open_page(server)
    form = page.edit_form
    page.select("Contested")
    form.open()
    form.fill(owner="Mine", river="My river")
    edit(server, dam_id, owner="Theirs", date_built="1951")
    page.expect_toast('"Contested" has been edited. Reload to see it.')

    form.save()

    form.expect_conflict(
        '"Contested" has been edited.',
        ["Owner", "Other", "Theirs", "Mine"],
        ["River", "Provo River", "unchanged", "My river"],
        ["Date built", "1950", "1951", "unchanged"],
    )
    form.expect_chosen("yours", "yours", "theirs")
    expect(page.page.get_by_role("heading", name="What differs")).to_be_focused()
    expect(form.field("Date built")).to_have_value("1951")
    assert known(server, dam_id)["owner"] == "Theirs"

    form.choose("Owner", "theirs")
    form.choose("River", "theirs")
    form.choose("Date built", "yours")
    for label, text in {"Owner": "Theirs", "River": "Provo River", "Date built": "1950"}.items():
        expect(form.field(label)).to_have_value(text)
    form.choose("River", "yours")
    form.choose("Date built", "theirs")

    # A third version comes while the second is looked at.
    edit(server, dam_id, owner="Theirs again", state="Utah")
    form.save()
    form.expect_conflict(
        '"Contested" has been edited.',
        ["Owner", "Theirs", "Theirs again", "unchanged"],
        ["River", "Provo River", "unchanged", "My river"],
        ["State", "unknown", "Utah", "unknown"],
    )
    form.expect_chosen("theirs", "yours", "theirs")
    form.save()

    page.expect_toast(
        'Your changes to "Contested" have been saved. 2 other changes were loaded with it.'
    )
    form.expect_closed()
    now = known(server, dam_id)
    assert {name: now[name] for name in ("owner", "river", "date_built", "state")} == {
        "owner": "Theirs again", "river": "My river", "date_built": "1951", "state": "Utah",
    }  # fmt: skip


def test_versions_that_reach_the_server_in_one_moment_are_all_taken(
    serve: Callable[..., Server], open_page: OpenPage, reached: Wire
) -> None:
    server = serve("--warm", "--allow-websocket-origin", reached.origin)
    dam_id = server.add_dam("Quick")
    page = open_page(server, wire=reached)
    form = page.edit_form
    page.select("Quick")
    form.open()
    form.fill(owner="Mine", river="My river")
    edit(server, dam_id, owner="Theirs", river="Their river")
    form.save()
    form.expect_conflict(
        '"Quick" has been edited.',
        ["Owner", "Other", "Theirs", "Mine"],
        ["River", "Provo River", "Their river", "My river"],
    )

    with reached.slow():
        form.choose("Owner", "theirs")
        form.choose("River", "theirs")

    expect(form.field("Owner")).to_have_value("Theirs")
    expect(form.field("River")).to_have_value("Their river")


def test_a_conflict_about_what_both_have_typed_alike_needs_no_choice(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = server.add_dam("Agreed")
    page = open_page(server)
    form = page.edit_form
    page.select("Agreed")
    form.open()
    form.fill(river="Green River")
    edit(server, dam_id, river="Green River")

    form.save()

    form.expect_conflict('"Agreed" has been edited.')
    expect(page.page.get_by_role("heading", name="What differs")).to_be_hidden()
    form.save()
    form.expect_closed()
    assert known(server, dam_id)["river"] == "Green River"


def test_a_dam_that_was_removed_meanwhile_cannot_be_saved_and_the_draft_is_kept(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = server.add_dam("Short-lived")
    page = open_page(server)
    page.select("Short-lived")
    page.edit_form.open()
    page.edit_form.fill(river="A long text about a river")
    server.inventory.remove(dam_id, seen=server.inventory.snapshot().revision)
    page.expect_toast('"Short-lived" has been removed. Reload to update the page.')

    for _ in ("before", "after"):
        page.edit_form.save()
        expect(page.edit_form.alert).to_have_text(['"Short-lived" has been removed.'])
        assert page.edit_form.values()["river"] == "A long text about a river"
        if page.toast.is_visible():
            page.reload()

    page.edit_form.cancel()
    page.settle()
    assert page.map.draft_marks() == []
    expect(page.details.notice).to_have_text(['"Short-lived" has been removed.'])
    page.details.expect_offers()
    page.details.close()


def test_a_dam_is_removed_with_its_hydrograph_after_a_question_and_the_others_are_told(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = server.add_dam("Doomed")
    server.assign_hydrograph(dam_id, [0, 1], [1, 2])
    server.add_dam("Spared")
    author, reader = open_page(server), open_page(server)
    for page in (author, reader):
        page.select("Doomed")

    author.details.ask_to_remove()
    expect(author.details.notice).to_have_text(['Remove "Doomed" and its hydrograph?'])
    author.details.keep()
    author.details.ask_to_remove()
    author.select("Spared")
    expect(author.button("Keep")).to_be_hidden()  # The question was about another dam.
    author.select("Doomed")
    expect(author.button("Keep")).to_be_hidden()
    reader.expect_no_toast()

    author.details.ask_to_remove()
    author.details.remove()

    author.expect_toast('"Doomed" has been removed.')
    author.details.expect_closed()
    author.table.search("doomed")
    author.table.expect_text("No dams match the search.")
    author.map.expect_no_selection()
    reader.expect_toast('"Doomed" has been removed. Reload to update the page.')
    expect(reader.details.notice).to_have_text(['"Doomed" has been removed.'])
    reader.details.expect_offers()
    reader.reload()
    expect(reader.details.notice).to_have_text(['"Doomed" has been removed.'])
    reader.details.expect_open("Doomed")
    reader.table.expect_text("No dams match the search.")
    reader.select("Spared")
    expect(reader.details.notice).to_have_count(0)
    reader.details.expect_offers("Edit", "Remove", "Assign hydrograph", "History")


def test_drafts_stay_while_another_card_is_shown_and_only_the_one_shown_is_on_the_map(
    server: Server, open_page: OpenPage
) -> None:
    server.add_dam("Under edit", latitude=40.52)
    server.add_dam("Looked at", latitude=40.55)
    page = open_page(server)
    page.select("Under edit")
    page.edit_form.open()
    page.edit_form.fill(river="Half a dra", latitude="40.53")
    page.map.expect_draft_at(-111.48, 40.53)

    # Another dam is selected in the table: the draft stays, and is still of the first.
    page.table.search("looked at")
    page.table.click_on("Looked at")
    assert page.edit_form.values()["river"] == "Half a dra"
    page.map.expect_selection_on("Looked at")

    # Another form is opened: each has its own draft and place.
    page.open_form()
    expect(page.form.field("Name")).to_have_value("")
    assert page.map.draft_marks() == []
    page.form.fill(name="New one")
    page.map.click_at(-111.46, 40.51)
    page.map.expect_draft_at(-111.46, 40.51)
    page.open_sidebar()
    page.press("History of all dams")
    expect(page.history.card).to_be_visible()
    page.map.expect(lambda: page.map.draft_marks() == [], "no draft is marked")
    page.history.close()
    page.details.expect_open("Looked at")
    page.open_form()
    expect(page.form.field("Name")).to_have_value("New one")
    page.map.expect_draft_at(-111.46, 40.51)
    page.form.cancel()
    page.map.expect(lambda: page.map.draft_marks() == [], "no draft is marked")

    page.select("Under edit")
    page.edit_form.open()
    assert page.edit_form.values()["river"] == "Half a dra"
    page.map.expect_draft_at(-111.48, 40.53)
    page.edit_form.cancel()
    page.edit_form.open()
    assert page.edit_form.values()["river"] == "Provo River"


def test_a_click_on_the_map_replaces_the_coordinate_that_has_the_cursor_while_one_edits(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = server.add_dam("Moved", latitude=40.5)
    page = open_page(server)
    page.select("Moved")
    page.edit_form.open()

    page.edit_form.field("Longitude").click()  # Nothing is typed.
    page.map.click_at(-111.47, 40.52)
    page.map.expect_draft_at(-111.47, 40.52)
    page.edit_form.field("Latitude").click()
    page.page.keyboard.press("End")
    page.page.keyboard.press("Backspace")
    page.map.click_at(-111.5, 40.45)
    page.map.expect_draft_at(-111.5, 40.45)
    page.settle()
    values = page.edit_form.values()
    page.edit_form.save()

    page.expect_toast('Your changes to "Moved" have been saved.')
    saved = known(server, dam_id)
    assert (saved["longitude"], saved["latitude"]) == (
        float(values["longitude"]), float(values["latitude"])
    )  # fmt: skip
    assert (saved["longitude"], saved["latitude"]) == pytest.approx((-111.5, 40.45), abs=0.002)


def test_theirs_is_taken_also_in_the_field_that_has_the_cursor(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = server.add_dam("Contended")
    page = open_page(server)
    form = page.edit_form
    page.select("Contended")
    form.open()
    form.field("River").fill("My river")
    edit(server, dam_id, river="Their river")
    form.field("River").press("Enter")
    form.expect_conflict(
        '"Contended" has been edited.', ["River", "Provo River", "Their river", "My river"]
    )
    form.field("River").press("End")
    page.page.keyboard.type(" again")

    form.choose("River", "theirs")

    page.settle()
    expect(form.field("River")).to_have_value("Their river")
    form.fill(date_built="1960")
    form.save()
    page.expect_toast(
        'Your changes to "Contended" have been saved. Another change was loaded with it.'
    )
    assert known(server, dam_id)["river"] == "Their river"


def test_what_is_typed_while_an_edit_is_being_saved_stays_and_is_saved_next(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = server.add_dam("Slowly saved")
    page = open_page(server)
    form = page.edit_form
    page.select("Slowly saved")
    form.open()
    form.fill(river="Green River")
    with closing(sqlite3.connect(server.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        form.save()
        form.field("River").press("End")
        page.page.keyboard.type(" Lake")
        other.execute("ROLLBACK")

    page.expect_toast('Your changes to "Slowly saved" have been saved.')
    page.settle()
    expect(form.field("River")).to_have_value("Green River Lake")
    assert known(server, dam_id)["river"] == "Green River"
    form.save()
    form.expect_closed()
    page.settle()
    assert known(server, dam_id)["river"] == "Green River Lake"
