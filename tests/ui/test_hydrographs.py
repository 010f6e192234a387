"""Hydrographs: assigned from a file, told to the others, plotted under the map, given away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from dam_inventory.domain.hydrograph import Hydrograph
from tests.ui.conftest import OpenPage
from tests.ui.server import Server

TIME, FLOW = [0.0, 1.5, 3.1, 10.0], [20.0, 1234.5, 300.25, 0.1]
GOOD = "time (hours),flow (cfs)\n" + "".join(
    f"{t!r},{q!r}\n" for t, q in zip(TIME, FLOW, strict=True)
)
FIGURES = ("Peak flow 1,234.5 cfs", "Time to peak 1.5 hours", "Volume 264.87 acre-feet")
OTHER = "0;1\n2;5,5\n"


def give(server: Server, name: str) -> int:
    """Add a dam with a hydrograph from another process, and return its id."""
    dam_id = server.add_dam(name)
    server.assign_hydrograph(dam_id, TIME, FLOW)
    return dam_id


def test_a_hydrograph_is_assigned_to_a_dam_that_is_found_by_typing_after_a_preview(
    server: Server, open_page: OpenPage
) -> None:
    author, reader = open_page(server), open_page(server)
    author.select("Jordanelle")
    author.details.close()
    form = author.assign_form
    form.open_from_the_sidebar()

    form.assign()
    form.expect_told("Dam is required.", "Hydrograph file is required.")

    form.dam.click()
    expect(form.suggestions).to_have_count(0)
    form.dam.press_sequentially("EER CR")
    expect(form.suggestions).to_have_text(["Deer Creek \N{MIDDLE DOT} Provo River"])
    form.suggestions.click()
    expect(form.dam).to_have_value("Deer Creek \N{MIDDLE DOT} Provo River")
    form.dam.fill("deer")
    expect(form.suggestions).to_have_count(1)
    form.suggestions.click()  # What was chosen before can be chosen again.
    expect(form.dam).to_have_value("Deer Creek \N{MIDDLE DOT} Provo River")
    form.assign()
    form.expect_told("Hydrograph file is required.")

    for number, (content, sentence) in enumerate(
        [
            ("time,flow\n0,1\n1,abc\n", 'Line 3: "abc" is not a number.'),
            (
                "0,1\n2,1\n2,3\n",
                (
                    "Line 3 has the time of line 2, but another flow. Keep one of them. If the "
                    "clock was set back here, name its region in the heading, such as "
                    "America/Denver."
                ),
            ),
        ]
    ):
        form.choose(f"bad {number}.csv", content)
        form.expect_told(sentence)
        form.assign()
        form.expect_told(sentence)
        expect(form.preview).to_be_hidden()

    form.choose("flood.csv", GOOD)
    words = "\n".join(FIGURES)
    expect(form.preview).to_have_attribute("aria-label", f"Hydrograph of flood.csv. {words}")
    author.settle()
    expect(form.alert).to_have_count(0)
    assert server.inventory.hydrograph(server.id_of("Deer Creek")) is None
    author.expect_no_toast()

    form.assign()

    author.expect_toast('Your hydrograph has been assigned to "Deer Creek".')
    form.expect_closed()
    reader.table.search("deer creek")
    reader.expect_toast('A hydrograph has been assigned to "Deer Creek". Reload to see it.')
    plot = reader.button("Plot the hydrograph of Deer Creek")
    expect(plot).to_have_count(0)
    reader.reload()
    expect(plot).to_be_visible()
    saved = server.inventory.hydrograph(server.id_of("Deer Creek"))
    assert saved is not None
    assert (saved.time.tolist(), saved.flow.tolist()) == (TIME, FLOW)


def test_a_file_larger_than_10_mb_is_refused_without_being_uploaded(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.assign_form.open_from_the_sidebar()
    page.settle()
    before = page.characters_sent

    page.assign_form.choose("large.csv", b"0,1\n" * 3_000_000)

    page.assign_form.expect_told('"large.csv" has 12.0 MB; the maximum is 10 MB.')
    assert page.characters_sent - before < 5000


def test_replacing_a_hydrograph_asks_first(server: Server, open_page: OpenPage) -> None:
    dam_id = give(server, "Has one")
    page = open_page(server)
    page.select("Has one")
    form = page.assign_form
    form.open_from_the_details()
    expect(form.dam).to_have_value("Has one \N{MIDDLE DOT} Provo River")
    form.choose("new.csv", OTHER)
    expect(form.preview).to_be_visible()

    form.assign()

    expect(form.alert).to_contain_text('"Has one" already has a hydrograph, assigned on ')
    expect(form.alert).to_contain_text("Replace it?")
    page.settle()
    assert server.inventory.hydrograph(dam_id).flow.tolist() == FLOW

    form.replace()

    page.expect_toast('Your hydrograph has been assigned to "Has one".')
    assert server.inventory.hydrograph(dam_id).flow.tolist() == [1, 5.5]


def test_the_sheet_opens_under_the_map_from_the_details_and_from_the_table_and_closes_again(
    server: Server, open_page: OpenPage
) -> None:
    give(server, "First one")
    give(server, "Second one")
    page = open_page(server)
    page.select("First one")
    page.table.search("one")

    page.press("Hydrograph")
    page.sheet.expect_open("First one", *FIGURES)
    assert page.sheet.points() == [TIME, FLOW]
    map_box, sheet_box = page.map.box.bounding_box(), page.sheet.sheet.bounding_box()
    assert map_box["y"] + map_box["height"] <= sheet_box["y"] + 1

    page.open_tab("Table")
    page.press("Plot the hydrograph of Second one")
    page.sheet.expect_open("Second one", *FIGURES)
    page.details.expect_open("First one")

    page.sheet.close()
    page.press("Plot the hydrograph of Second one")
    page.sheet.expect_open("Second one", *FIGURES)


def test_the_csv_has_the_exact_points_and_the_picture_is_a_png(
    server: Server, open_page: OpenPage
) -> None:
    give(server, "Given away")
    page = open_page(server)
    page.table.search("given away")
    page.press("Plot the hydrograph of Given away")
    page.sheet.expect_open("Given away", *FIGURES)

    for _ in range(2):
        assert page.sheet.download() == ("Given away hydrograph.csv", GOOD)
        page.settle()
    name, picture = page.sheet.save()

    assert name == "Given away hydrograph.png"
    assert picture.startswith(b"\x89PNG")


def test_an_open_sheet_follows_what_is_reloaded_and_nothing_else(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = give(server, "Watched")
    page = open_page(server)
    page.table.search("watched")
    page.press("Plot the hydrograph of Watched")
    page.sheet.expect_open("Watched", *FIGURES)
    page.sheet.zoom()
    zoomed = page.sheet.hours()
    assert zoomed != [0, 10]

    server.add_dams("Something else")
    page.reload()
    assert page.sheet.hours() == zoomed

    old = server.inventory.snapshot().values(server.inventory.snapshot().row_of(dam_id))
    server.inventory.assign_hydrograph(
        dam_id, Hydrograph([0, 2], [1, 5.5]), replaces=old["hydrograph_id"]
    )
    page.expect_toast('A hydrograph has been assigned to "Watched". Reload to see it.')
    assert page.sheet.hours() == zoomed
    page.reload()
    page.sheet.expect_open(
        "Watched", "Peak flow 5.5 cfs", "Time to peak 2 hours", "Volume 0.53719 acre-feet"
    )
    assert page.sheet.points() == [[0, 2], [1, 5.5]]

    server.inventory.remove(dam_id, seen=server.inventory.snapshot().revision)
    page.expect_toast('"Watched" has been removed. Reload to update the page.')
    page.reload()
    expect(page.sheet.alert).to_have_text('"Watched" has been removed.')


@pytest.mark.long
def test_each_hydrograph_is_drawn_as_a_whole_whichever_was_drawn_before(
    server: Server, open_page: OpenPage
) -> None:
    sizes = {"Small": (7, 60), "Large": (70, 60_000), "Middling": (30, 2_100)}
    for name, (hours, flow) in sizes.items():
        server.assign_hydrograph(server.add_dam(f"{name} one"), [0, hours / 2, hours], [1, flow, 2])
    page = open_page(server)
    page.table.search(" one")

    for name in ("Middling", "Large", "Small", "Large", "Middling"):
        hours, flow = sizes[name]
        page.open_tab("Table")
        page.press(f"Plot the hydrograph of {name} one")
        expect(page.sheet.figure).to_have_attribute("aria-label", re.compile(f"of {name} one"))
        page.settle()
        assert page.sheet.hours() == [0, hours]
        assert page.sheet.flows() == [0, pytest.approx(1.15 * flow)]
    page.sheet.close()

    page.select("Small one")
    page.assign_form.open_from_the_details()
    for number, (hours, flow) in enumerate(sizes.values()):
        page.assign_form.choose(f"{number}.csv", f"0,1\n{hours / 2},{flow}\n{hours},2\n")
        label = re.compile(f"^Hydrograph of {number}.csv")
        expect(page.assign_form.preview).to_have_attribute("aria-label", label)
        page.settle()
        assert page.page.evaluate("tests.hours('.side')") == [0, hours]
        assert page.page.evaluate("tests.flows('.side')") == [0, pytest.approx(1.15 * flow)]


def test_a_file_of_dates_is_asked_for_its_unit_and_added_beside_another(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = give(server, "Has dates")
    page = open_page(server)
    page.select("Has dates")
    form = page.assign_form
    form.open_from_the_details()
    rows = "".join(f"2022-04-08 0{hour}:00,3.5,{hour}0\n" for hour in range(4))
    form.choose("gauge.csv", f"Time (EST),Stage,Flow\n{rows}2022-04-08 04:00,3.5,NA\n")
    expect(page.page.get_by_text("In which unit is the flow?")).to_be_visible()
    form.assign()
    form.expect_told("In which unit is the flow?")

    form.answer("m³/s")

    said = "Hourly values, 2022-04-08, UTC-5, m³/s shown as cfs, 1 value missing."
    expect(page.page.get_by_text(said)).to_be_visible()
    expect(form.preview).to_be_visible()
    form.assign()
    expect(form.alert).to_contain_text("Or add this one beside it?")
    page.press("Add beside it")

    page.expect_toast('Your hydrograph has been assigned to "Has dates".')
    assert [head.name for head in server.inventory.hydrograph_heads(dam_id)] == [
        "Hydrograph", "gauge",
    ]  # fmt: skip
    page.press("Hydrograph")
    expect(page.sheet.figure).to_have_attribute("aria-label", "Hydrographs of Hydrograph, gauge.")


def test_a_hydrograph_is_renamed_shown_first_removed_after_a_second_click_and_brought_back(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = give(server, "Has two")
    server.inventory.assign_hydrograph(
        dam_id, Hydrograph(TIME, [2 * flow for flow in FLOW], name="Flood of 1983"), beside=True
    )
    page = open_page(server)
    sheet = page.sheet.sheet
    page.select("Has two")
    page.press("Hydrograph")
    expect(page.sheet.figure).to_have_attribute(
        "aria-label", "Hydrographs of Hydrograph, Flood of 1983."
    )
    sheet.get_by_role("combobox", name="Show").click()
    page.page.get_by_role("menuitem", name="Flood of 1983").click()
    expect(page.sheet.figure).to_have_attribute("aria-label", re.compile("Has two: Flood of 1983"))

    page.press("Rename or remove hydrograph")
    name = sheet.get_by_label("Name of the hydrograph")
    expect(name).to_have_value("Flood of 1983")
    name.fill("  ")
    page.press("Save name")
    expect(page.sheet.alert).to_contain_text("name")
    name.fill("Flood of <b>1984</b>")
    page.press("Save name")
    saved = 'Your change to a hydrograph of "Has two" has been saved.'
    expect(page.toast.locator(".sentence")).to_contain_text(saved)
    expect(page.sheet.figure).to_have_attribute(
        "aria-label", re.compile("Has two: Flood of <b>1984</b>")
    )

    page.press("Rename or remove hydrograph")
    page.press("Show first")
    expect(name).to_be_hidden()

    def names() -> list[str]:
        return [head.name for head in server.inventory.hydrograph_heads(dam_id)]

    assert names() == ["Flood of <b>1984</b>", "Hydrograph"]

    page.press("Rename or remove hydrograph")
    page.press("Remove hydrograph")
    expect(page.sheet.alert).to_have_text('Remove the hydrograph "Flood of <b>1984</b>"?')
    assert len(names()) == 2
    page.press("Yes, remove it")
    page.expect_toast('A hydrograph of "Has two" has been removed.')
    assert names() == ["Hydrograph"]
    page.sheet.expect_open("Has two", *FIGURES)

    page.press("Undo")
    page.expect_toast('A hydrograph of "Has two" has been restored.')
    expect(page.button("Undo")).to_be_hidden()
    assert names() == ["Flood of <b>1984</b>", "Hydrograph"]
    sheet.get_by_role("combobox", name="Show").click()
    page.page.get_by_role("menuitem", name="Flood of <b>1984</b>").click()
    expect(page.sheet.figure).to_have_attribute(
        "aria-label", re.compile("Has two: Flood of <b>1984</b>")
    )

    page.press("Rename or remove hydrograph")
    page.press("Remove hydrograph")
    page.press("Yes, remove it")
    page.expect_toast('A hydrograph of "Has two" has been removed.')
    page.history.open()
    page.history.expect_undo_offered(True, False, False)
    page.history.undo(0)
    page.expect_toast('A hydrograph of "Has two" has been restored.')
    page.history.expect_sentences(
        'A hydrograph of "Has two" has been restored.',
        'A hydrograph of "Has two" has been removed.',
    )
    page.history.expect_undo_offered(False, False, False, False)
    assert names() == ["Flood of <b>1984</b>", "Hydrograph"]


def test_on_a_phone_all_buttons_of_several_hydrographs_are_seen_and_one_press_undoes_a_removal(
    server: Server, open_page: OpenPage
) -> None:
    dam_id = give(server, "On a phone")
    server.inventory.assign_hydrograph(
        dam_id, Hydrograph(TIME, FLOW, name="Flood of 1983"), beside=True
    )
    page = open_page(server, viewport=(390, 844), touch=True, query=f"?selected={dam_id}")
    page.press("Hydrograph")
    page.sheet.sheet.get_by_role("combobox", name="Show").click()
    page.page.get_by_role("menuitem", name="Flood of 1983").click()
    for name in ("Rename or remove hydrograph", "Download CSV", "Close hydrograph"):
        expect(page.button(name)).to_be_in_viewport(ratio=1)

    page.press("Rename or remove hydrograph")
    page.press("Remove hydrograph")
    page.press("Yes, remove it")
    expect(page.button("Undo")).to_be_in_viewport(ratio=1)
    expect(page.toast.get_by_role("button", name="Show")).to_be_hidden()
    page.press("Undo")
    page.expect_toast('A hydrograph of "On a phone" has been restored.')
    assert len(server.inventory.hydrograph_heads(dam_id)) == 2
