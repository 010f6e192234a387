"""In a notebook's kernel one thread changes the documents, whichever thread hears of a click."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import panel as pn
import pytest
from bokeh.document import Document
from bokeh.models import Div
from panel.io.state import set_curdoc

from dam_inventory.config import notebook
from dam_inventory.views.bokeh_bridge import delivery, kernel
from dam_inventory.views.bokeh_bridge.documents import locked

PATCH = {"header": {"msgtype": "PATCH-DOC"}}


class Comms(dict[str, object]):
    """The open comms by their ids; it notices that somebody looks for one."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()

    def __contains__(self, comm: object) -> bool:
        self.asked.set()
        return super().__contains__(comm)


@pytest.fixture
def ipykernel(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A kernel, as far as its comms go, in whose thread a dashboard's cell has run."""
    handled: list[tuple[str, threading.Thread]] = []

    def comm_msg(_stream: object, _identity: object, message: dict[str, Any]) -> None:
        comm = message["content"]["comm_id"]
        handled.append((comm if comm in comms else "dropped", threading.current_thread()))

    comms = Comms()
    one = SimpleNamespace(
        shell_handlers={"comm_msg": comm_msg},
        comm_manager=SimpleNamespace(comms=comms),
        handled=handled,
    )
    monkeypatch.setattr(kernel, "_kernel", lambda: one)
    for module in (notebook, delivery):
        monkeypatch.setattr(module, "is_kernel", lambda: True)
    yield one
    monkeypatch.setattr(kernel, "_loop", None)


def sent(comm: str, data: object) -> tuple[None, None, dict[str, Any]]:
    return None, None, {"content": {"comm_id": comm, "data": data}}


@pytest.mark.usefixtures("ipykernel")
def test_what_a_subshell_hears_is_handled_in_the_cells_thread_and_awaited():
    handled = []
    handle = kernel.in_cells_thread(lambda: handled.append(threading.current_thread()))

    async def cell() -> None:
        kernel.handle_in_this_thread()
        await asyncio.to_thread(handle)
        assert len(handled) == 1
        handle()

    asyncio.run(cell())

    assert handled == [threading.current_thread()] * 2


@pytest.mark.usefixtures("ipykernel")
def test_the_subshell_is_told_what_went_wrong():
    def fail() -> None:
        raise ValueError("not a message")

    async def cell() -> None:
        kernel.handle_in_this_thread()
        await asyncio.to_thread(kernel.in_cells_thread(fail))

    with pytest.raises(ValueError, match="not a message"):
        asyncio.run(cell())


def test_a_message_that_overtakes_the_opening_of_its_comm_waits_for_it(ipykernel: Any):
    async def cell() -> None:
        kernel.handle_in_this_thread()
        overtaking = asyncio.create_task(
            asyncio.to_thread(ipykernel.shell_handlers["comm_msg"], *sent("late", PATCH))
        )
        await asyncio.sleep(0)
        # A cell that is still at work: the loop does nothing else meanwhile.
        assert ipykernel.comm_manager.comms.asked.wait(30)
        assert ipykernel.handled == []
        ipykernel.comm_manager.comms["late"] = object()
        await overtaking

    asyncio.run(cell())

    assert [comm for comm, _ in ipykernel.handled] == ["late"]


@pytest.mark.parametrize("data", [PATCH, {"header": {}}, {"header": 1}, {}, None, "text"])
def test_a_message_to_a_comm_that_never_opens_is_left_to_the_kernel(
    ipykernel: Any, data: object, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(kernel, "_PATIENCE", 2)

    async def cell() -> None:
        kernel.handle_in_this_thread()
        await asyncio.to_thread(ipykernel.shell_handlers["comm_msg"], *sent("unknown", data))

    asyncio.run(cell())

    assert [comm for comm, _ in ipykernel.handled] == ["dropped"]


def test_a_kernel_that_runs_a_cell_again_is_prepared_once(ipykernel: Any):
    async def cell() -> Callable[..., None]:
        kernel.handle_in_this_thread()
        return ipykernel.shell_handlers["comm_msg"]

    assert asyncio.run(cell()) is asyncio.run(cell())


def test_a_stopped_kernel_keeps_no_thread_waiting():
    loop = asyncio.new_event_loop()
    kernel.run_and_wait(loop, pytest.fail)
    loop.close()
    kernel.run_and_wait(loop, pytest.fail)
    kernel.in_kernel(loop, pytest.fail)


class Dashboard(pn.viewable.Viewer):
    """Changes a bare Bokeh model when the browser has changed another."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Div(text="before")
        self.pane = pn.pane.Bokeh(self.model)

    def __panel__(self) -> pn.viewable.Viewable:
        return self.pane

    @locked
    def answer(self, _attr: str, _old: object, _new: object) -> None:
        self.model.text = "answer"


@pytest.mark.usefixtures("ipykernel")
def test_after_an_answer_the_rest_of_what_the_browser_sent_is_heard(
    monkeypatch: pytest.MonkeyPatch,
):
    pushed = []
    monkeypatch.setattr(pn.io, "push_notebook", pushed.append)
    dashboard, doc, heard = Dashboard(), Document(), []
    dashboard.pane.server_doc(doc)
    first, second = Div(), Div()
    doc.add_root(first)
    doc.add_root(second)
    first.on_change("text", dashboard.answer)
    second.on_change("text", lambda attr, old, new: heard.append(new))

    with set_curdoc(doc):
        # As Panel does with a message that holds several changes.
        doc.hold()
        first.text = second.text = "from the browser"
        doc.unhold()

    assert heard == ["from the browser"]
    assert dashboard.model.text == "answer"
    assert pushed == [dashboard.pane]
