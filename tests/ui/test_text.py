"""Whatever a person wrote is shown as text, wherever it is shown; none of it runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.server import Server, dam

pytestmark = pytest.mark.long

NAMES = [
    """<img src=x onerror="window.hacked=1">""",
    """O'Brien & Söhne 大坝""",
    """<script>window.hacked=1</script>*a* _b_ [c](http://d) ${window.hacked=1} {{7*7}} &lt;""",
]


def test_a_name_is_text_in_toast_hover_table_and_details(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)

    for number, name in enumerate(NAMES):
        place = {"latitude": 40.43 + number / 50, "longitude": -111.44}
        server.inventory.add(dam(name, river=f"{name} river", owner=f"{name} owner", **place))
        page.expect_toast(f'A new dam has been added: "{name}". Reload to see it.')
        page.expect_nothing_ran()

        page.reload()
        page.table.search(name)
        page.table.expect_range(1, 1, of=1)
        shown = page.map.hover(name)
        expect(shown).to_contain_text(f"{name} river", use_inner_text=True)
        page.expect_nothing_ran()

        for column, text in enumerate([name, "1950", f"{name} river", f"{name} owner"]):
            page.table.expect_column(column, [text])
        page.table.click_on(name)
        page.details.expect_open(name)
        assert page.details.facts()["River"] == f"{name} river"
        assert page.details.facts()["Owner"] == f"{name} owner"
        page.expect_nothing_ran()
        page.details.close()


def test_what_was_typed_is_text_in_the_errors_beside_the_fields(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.open_form()

    page.form.fill(name=NAMES[0], owner=NAMES[0], river="x", date_built=NAMES[0])
    page.form.fill(latitude="<b>1</b>", longitude="<img src=x>")
    page.form.add()

    page.form.expect_error(
        "date_built",
        f'"{NAMES[0]}" is not a date. Write it like 1941, 1993-04, 1993-04-12 or April 12, 1993.',
    )
    page.form.expect_error("latitude", 'Latitude must be a number, not "<b>1</b>".')
    page.form.expect_error("longitude", 'Longitude must be a number, not "<img src=x>".')
    page.expect_nothing_ran()


def test_the_toast_of_the_author_is_text(server: Server, open_page: OpenPage) -> None:
    page = open_page(server)

    page.add_dam(name=NAMES[0], owner=NAMES[2], river=NAMES[1])

    page.expect_toast(f'Your dam has been added: "{NAMES[0]}".')
    page.details.expect_open(NAMES[0])
    assert page.details.facts()["Owner"] == NAMES[2]
    page.expect_nothing_ran()


def test_title_and_subtitle_are_text(serve: Callable[..., Server], open_page: OpenPage) -> None:
    server = serve(title=NAMES[0], subtitle=f"{NAMES[1]} {NAMES[0]}", basemap="Outline")

    page = open_page(server)

    header = page.page.get_by_role("banner")
    expect(header.get_by_text(NAMES[0], exact=True)).to_be_visible()
    expect(header.get_by_text(f"{NAMES[1]} {NAMES[0]}", exact=True)).to_be_visible()
    page.expect_nothing_ran()
    assert page.tiles.requests == []
    assert page.map.basemap == "Outline"


def test_a_name_is_text_on_every_card_and_on_the_sheet(server: Server, open_page: OpenPage) -> None:
    name = " ".join(NAMES)
    inventory = server.inventory
    dam_id = server.add_dam(name, river=NAMES[0], owner=NAMES[2])
    server.assign_hydrograph(dam_id, [0, 1], [1, 2])
    page = open_page(server)
    page.table.search(NAMES[0])
    page.table.click_on(name)
    page.details.expect_open(name)

    page.press("Hydrograph")
    page.sheet.expect_open(
        name, "Peak flow 2 cfs", "Time to peak 1 hours", "Volume 0.12397 acre-feet"
    )
    assert page.sheet.download()[0].endswith(" hydrograph.csv")
    page.expect_nothing_ran()

    page.details.ask_to_remove()
    expect(page.details.notice).to_have_text([f'Remove "{name}" and its hydrograph?'])
    page.details.keep()

    form = page.edit_form
    form.open()
    expect(page.page.get_by_role("heading", name=f'Edit "{name}"', exact=True)).to_be_visible()
    form.fill(river=f"{NAMES[2]} mine")
    seen = inventory.snapshot().revision
    inventory.edit(dam_id, {"river": f"{NAMES[0]} theirs"}, seen)
    page.expect_toast(f'"{name}" has been edited. Reload to see it.')
    form.save()
    form.expect_conflict(
        f'"{name}" has been edited.',
        ["River", NAMES[0], f"{NAMES[0]} theirs", f"{NAMES[2]} mine"],
    )
    page.expect_nothing_ran()
    form.save()
    page.expect_toast(
        f'Your changes to "{name}" have been saved. Another change was loaded with it.'
    )

    page.history.open()
    expect(page.history.title).to_have_text(f'History of "{name}"')
    page.history.expect_sentences(f'"{name}" has been edited.')
    assert page.history.values(0) == [f"River: {NAMES[0]} theirs → {NAMES[2]} mine"]
    page.expect_nothing_ran()
    page.history.close()

    assign = page.assign_form
    assign.open_from_the_details()
    assign.dam.fill(f"{NAMES[1]} <script>window.hacked=1</script>"[2:])
    expect(assign.suggestions.first).to_contain_text(name, use_inner_text=True)
    page.expect_nothing_ran()
    assign.suggestions.first.click()
    assign.choose(f"{NAMES[0]}.csv", f"0,1\n1,{NAMES[0]}\n")
    assign.expect_told('Line 2: "<img src=x onerror="window.hacked=1">" is not a number.')
    file = f"{NAMES[0]} good.csv"
    assign.choose(file, "0,1\n1,2\n")
    expect(page.page.get_by_role("figure", name=f"Hydrograph of {file}")).to_be_visible()
    assign.assign()
    expect(assign.alert).to_contain_text(f'"{name}" already has a hydrograph', use_inner_text=True)
    page.expect_nothing_ran()

    inventory.remove(dam_id, seen=inventory.snapshot().revision)
    page.expect_toast(
        f'Your changes to "{name}" have been saved. Another change was loaded with it.\n'
        f'"{name}" has been removed. Reload to update the page.'
    )
    assign.replace()
    assign.expect_told(f'"{name}" has been removed.')
    page.expect_nothing_ran()
