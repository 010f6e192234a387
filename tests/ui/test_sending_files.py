"""What a page hears while it sends a file: that it has arrived, and nothing of the file itself."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from tests.ui.conftest import OpenPage
from tests.ui.frames import frames
from tests.ui.import_on_page import ImportOnPage
from tests.ui.server import Server


def test_nothing_of_an_imported_file_is_sent_back(serve: Any, open_page: OpenPage) -> None:
    server = serve(anonymous="administer")
    page = open_page(server)
    card = ImportOnPage(page)
    card.open()
    heard = frames(page, "Received")
    rows = [f"Sent {number},30.5,-111.5,{'x' * 2_000}" for number in range(500)]

    card.choose("sent.csv", "\n".join(["Dam Name,Latitude,Longitude,Remark", *rows]))

    card.expect_seen(new="500")
    assert [size for size in map(len, heard) if size > 20_000] == []


def test_nothing_of_a_hydrograph_file_is_sent_back_and_it_may_be_chosen_again(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server)
    page.select("Jordanelle")
    form = page.assign_form
    form.open_from_the_sidebar()
    heard = frames(page, "Received")
    # Of much text, and few points: the curve itself is sent.
    lines = [f"# {'x' * 500}" for _ in range(200)]
    content = "\n".join([*lines, "time (hours),flow (cfs)", "0,1", "2,5", ""])

    for _ in range(2):
        form.choose("flood.csv", content)
        expect(form.preview).to_have_attribute("aria-label", re.compile("flood.*Peak flow 5 cfs"))
        form.choose("other.csv", "time (hours),flow (cfs)\n0,1\n2,7\n")
        expect(form.preview).to_have_attribute("aria-label", re.compile("other.*Peak flow 7 cfs"))

    assert [size for size in map(len, heard) if size > 20_000] == []
