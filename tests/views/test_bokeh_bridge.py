"""The private names of Bokeh, Panel and bokehjs that the bridge uses exist and behave."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from weakref import WeakKeyDictionary

import bokeh
import numpy as np
import panel as pn
import panel_material_ui as pmui
import pytest
from bokeh.document import Document
from bokeh.models import ColumnDataSource, Div, Range1d
from bokeh.server.connection import ServerConnection
from bokeh.server.session import ServerSession
from panel.io.notebook import EXEC_MIME
from panel.io.resources import DIST_DIR
from tornado.ioloop import IOLoop
from tornado.locks import Lock

from dam_inventory.views.bokeh_bridge import internals
from dam_inventory.views.bokeh_bridge.arrays import InlineArray, InlineTexts
from dam_inventory.views.bokeh_bridge.free_text import Category, FreeText

BOKEHJS = Path(bokeh.__file__).parent / "server/static/js/bokeh.js"
PANELJS = Path(DIST_DIR) / "panel.min.js"
WHAT_TO_DO = (
    "{name} of {of} is gone or means something else. Look it up in the new version and mend "
    "dam_inventory/views/bokeh_bridge; until then the page uses the slower public way."
)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (BOKEHJS, "_enforce_aspect_ratio"),
        (BOKEHJS, "this._receiver = new"),
        (BOKEHJS, "this._document_changed(event)"),
        (BOKEHJS, 'this.kind = "RootAdded"'),
        (BOKEHJS, "class ImageLoader"),
        (BOKEHJS, "get all_models()"),
        (BOKEHJS, "trigger_ranges_update_event"),
        (BOKEHJS, "this.events_el ="),
        (BOKEHJS, "canvas_view"),
        (BOKEHJS, "default_view"),
        (PANELJS, "_document_changed"),
        (PANELJS, "_event_buffer"),
        (PANELJS, "process_events"),
    ],
    ids=lambda one: getattr(one, "stem", one),
)
def test_the_browsers_libraries_have_what_the_scripts_use(file: Path, name: str):
    assert name in file.read_text("utf-8"), WHAT_TO_DO.format(name=name, of=file.name)


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (pmui.AutocompleteInput, "_process_param_change"),
        (pmui.AutocompleteInput, "_filter_options"),
        (pmui.AutocompleteInput, "_sync_value_input"),
        (pmui.TextInput, "_sync_value_input"),
        (pmui.TextInput, "_priority_changes"),
        (pn.extension, "_loaded"),
        (pn.state, "_thread_pool"),
        (pn.viewable.Viewable, "_on_msg"),
        (pn.pane.HoloViews, "_models"),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_the_components_have_what_is_overridden_or_read(owner: object, name: str):
    known = hasattr(owner, name) or name in getattr(owner, "__slots__", ()) or name == "_models"
    assert known, WHAT_TO_DO.format(name=name, of=owner)


def test_columns_travel_inside_the_message_and_come_back_as_they_were():
    cells = np.array([[0, 1, 255], [3, 4, 5]], np.uint8)
    names = ["HOOVER", "<b>"]
    image = InlineArray(cells, np.uint8)
    source = ColumnDataSource({"image": [image, image], "name": InlineTexts(names)})
    doc = Document()
    doc.add_root(source)

    text = json.dumps(doc.to_json(deferred=False))

    [model] = json.loads(text)["roots"]
    columns = dict(model["attributes"]["data"]["entries"])
    assert columns["name"] == names
    sent, _ = columns["image"]
    packed = gzip.decompress(base64.b64decode(sent["array"]["data"]))
    assert (sent["dtype"], sent["shape"]) == ("uint8", [2, 3])
    assert np.frombuffer(packed, np.uint8).reshape(2, 3).tolist() == cells.tolist()


def test_a_property_that_is_set_unheard_is_set_and_not_reported():
    doc, model, heard = Document(), Div(text="before"), []
    doc.add_root(model)
    doc.on_change(heard.append)

    assert internals.set_unheard(model, "text", "after"), WHAT_TO_DO.format(
        name="_property_values", of="Model"
    )

    assert model.text == "after"
    assert "after" in str(doc.to_json())
    assert heard == []


def test_a_document_counts_as_locked_while_its_session_works_at_it():
    loop = IOLoop(make_current=False)
    session = ServerSession("id", Document(), io_loop=loop)
    found = []

    async def work() -> None:
        await session.with_document_locked(lambda: found.append(internals.is_locked(session)))

    found.append(internals.is_locked(session))
    loop.run_sync(work)
    loop.close()

    assert found == [False, True], WHAT_TO_DO.format(name="_pending_writes", of="ServerSession")


def test_a_lock_of_tornados_is_free_until_somebody_holds_it():
    async def look() -> list[bool]:
        lock = Lock()
        found = [internals.is_free(lock)]
        with await lock.acquire():
            found.append(internals.is_free(lock))
        return [*found, internals.is_free(lock), internals.is_free(object())]

    found = asyncio.run(look())

    assert found == [True, False, True, False], WHAT_TO_DO.format(name="_block", of="Lock")


def test_a_session_names_its_websockets():
    session = ServerSession("id", Document(), io_loop=IOLoop.current())
    assert internals.websockets_of(session) == []

    connection = ServerConnection(None, object(), None, session)
    session.subscribe(connection)

    # It is no websocket of Tornado's, so only Bokeh can send to it.
    assert internals.websockets_of(session) is None
    assert hasattr(connection, "_socket"), WHAT_TO_DO.format(name="_socket", of=connection)


def test_a_component_names_the_class_of_its_data_and_the_script_that_draws_it():
    name, address = "_data_model", "_render_esm"

    assert internals.data_model_name(pmui.Select), WHAT_TO_DO.format(name=name, of="Select")
    assert re.search(r"/panel-material-ui\.bundle\.js", internals.bundle_address(pmui.Select)), (
        WHAT_TO_DO.format(name=address, of="Select")
    )


def test_a_pane_names_the_documents_that_it_is_drawn_in():
    pane = pn.pane.Str("text")
    doc = Document()
    pane.server_doc(doc)

    assert internals.documents_of(pane) == {doc}, WHAT_TO_DO.format(name="_models", of="Pane")


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (internals.websockets_of, None),
        (internals.is_locked, False),
        (internals.documents_of, set()),
        (internals.data_model_name, ""),
        (internals.bundle_address, ""),
        (lambda one: internals.set_unheard(one, "start", 1), False),
    ],
)
def test_without_a_private_name_the_public_way_is_left(
    ask: Callable[[object], object], answer: object
):
    assert ask(object()) == answer


def test_a_field_with_suggestions_keeps_a_text_that_is_none_of_them():
    field = FreeText(options=["Hoover"], restrict=False)
    field.show("Hoov")
    assert (field.value, field.value_input) == ("", "Hoov")

    field.value = "Hoover"

    assert field.value_input == "Hoover"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("unsat", "Unsatisfactory"),
        ("sat", "sat"),
        ("Satisfactory", "Satisfactory"),
        ("good", "good"),
        ("", ""),
    ],
)
def test_a_part_of_one_category_only_stands_for_all_of_it(typed: str, kept: str):
    field = Category(
        options=["Satisfactory", "Unsatisfactory", "Poor"], restrict=False,
        case_sensitive=False, search_strategy="includes",
    )  # fmt: skip
    field.show(typed)

    field.value = typed

    assert field.value_input == kept


def test_ranges_can_hold_what_the_browser_did():
    assert Range1d(tags=[1, 0, 800, 400]).tags == [1, 0, 800, 400]
    assert EXEC_MIME.endswith("+json")


def test_events_of_a_dashboard_are_at_work_where_they_arrive_and_those_of_others_in_threads(
    monkeypatch: pytest.MonkeyPatch,
):
    ours, other = Document(), Document()
    with ThreadPoolExecutor(1) as threads:
        monkeypatch.setattr(pn.state, "_thread_pool", threads)
        internals.keep_out_of_threads(ours)
        internals.keep_out_of_threads(ours)
        submit = pn.state._thread_pool.submit

        here = threading.get_ident()
        assert submit(lambda doc: threading.get_ident(), ours).result() == here
        assert submit(lambda doc: threading.get_ident(), other).result() != here
        assert isinstance(submit(lambda doc: 1 / 0, ours).exception(), ZeroDivisionError)


def test_panel_learns_of_a_connection_when_the_page_first_says_something() -> None:
    assert isinstance(pn.state._connected, WeakKeyDictionary), WHAT_TO_DO
    doc, div = Document(), Div()
    doc.add_root(div)
    internals.note_connection(doc)

    div.text = "from the server"
    assert doc not in pn.state._connected

    patch = {"kind": "ModelChanged", "model": {"id": div.id}, "attr": "text", "new": "typed"}
    doc.apply_json_patch({"events": [patch]}, setter=object())
    assert pn.state._connected[doc]
