"""Whatever a person wrote is shown as text, wherever it is shown; none of it runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.server import Server, dam

NAMES = [
    """<img src=x onerror="window.hacked=1">""",
    """O'Brien & Söhne 大坝""",
    """<script>window.hacked=1</script>*a* _b_ [c](http://d) ${window.hacked=1} {{7*7}} &lt;""",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_text_in_toast_hover_table_and_details(
    server: Server, open_page: OpenPage, name: str
) -> None:
    page = open_page(server)
    number = NAMES.index(name)
    place = {"latitude": 40.43 + number / 50, "longitude": -111.44}

    server.inventory.add(dam(name, river=f"{name} river", owner=f"{name} owner", **place))

    page.expect_toast(f'A new dam has been added: "{name}". Reload to see it.')
    page.expect_nothing_ran()

    page.reload()
    page.table.search(name)
    page.table.expect_range(1, 1, of=1)
    shown = page.map.hover(name)
    expect(shown).to_contain_text(f"{name} river", use_inner_text=True)
    expect(shown).to_contain_text(f"{name} owner", use_inner_text=True)
    page.expect_nothing_ran()

    for column, text in enumerate([name, f"{name} owner", f"{name} river", "1950"]):
        page.table.expect_column(column, [text])
    page.table.click_on(name)
    page.details.expect_open(name)
    assert page.details.facts()["River"] == f"{name} river"
    assert page.details.facts()["Owner"] == f"{name} owner"
    page.expect_nothing_ran()


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
