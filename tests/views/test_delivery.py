"""How changes reach a browser: each way, without one."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from bokeh.core.serialization import Serializer
from bokeh.document import Document
from bokeh.document.events import ColumnDataChangedEvent, ModelChangedEvent
from bokeh.models import ColumnDataSource, Div
from bokeh.server.contexts import BokehSessionContext
from bokeh.server.session import ServerSession
from bokeh.server.views.ws import WSHandler
from panel.io.state import set_curdoc
from polars.exceptions import PanicException
from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError
from tornado.locks import Lock

from dam_inventory.config import notebook
from dam_inventory.views.bokeh_bridge import delivery
from dam_inventory.views.bokeh_bridge.arrays import InlineArray, InlineTexts
from dam_inventory.views.bokeh_bridge.burst import together, write
from dam_inventory.views.bokeh_bridge.delivery import Way, may_change, way_to
from dam_inventory.views.bokeh_bridge.documents import run_in, schedule_in_session
from dam_inventory.views.bokeh_bridge.push import push, push_columns


class Websocket(WSHandler):
    """Bokeh's own websocket, as far as the question goes what kind it is."""

    def __init__(self) -> None:
        self.ws_connection = None


class Page:
    """A document with a session, of whichever server."""

    def __init__(self, loop: IOLoop, *sockets: object, is_open: bool = True) -> None:
        self.doc = Document()
        self.model = Div(text="before")
        self.doc.add_root(self.model)
        server = SimpleNamespace(application_context=SimpleNamespace(io_loop=loop))
        self.context = BokehSessionContext("id", server, self.doc)
        self.doc._session_context = lambda: self.context
        self.sent: list[Any] = []
        if is_open:
            self.session = ServerSession("id", self.doc, io_loop=loop)
            self.context._set_session(self.session)
            self.session._subscribed_connections = {self._connection(one) for one in sockets}

    def _connection(self, socket: object) -> Any:
        async def send(event: Any) -> None:
            self.sent.append(event.new if isinstance(event, ModelChangedEvent) else event)

        connection = type("Connection", (), {"_socket": socket, "send_patch_document": None})()
        connection.send_patch_document = send
        return connection


@pytest.fixture
def loop() -> Iterator[IOLoop]:
    """An event loop in a thread of its own, as a server has one."""
    made: list[IOLoop] = []
    ready = threading.Event()

    def run() -> None:
        made.append(IOLoop(make_current=False))
        made[0].add_callback(ready.set)
        made[0].start()
        made[0].close()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait()
    yield made[0]
    made[0].add_callback(made[0].stop)
    thread.join()


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this process look like the kernel of a notebook."""
    for module in (notebook, delivery):
        monkeypatch.setattr(module, "is_kernel", lambda: True)


def settled(loop: IOLoop) -> None:
    """Wait until a loop has done what it was given before."""
    done = threading.Event()
    loop.add_callback(lambda: loop.add_callback(lambda: loop.add_callback(done.set)))
    assert done.wait(30)


def test_a_script_has_nobody_to_deliver_to():
    assert way_to(None) is Way.NOBODY
    assert way_to(Document()) is Way.NOBODY


@pytest.mark.usefixtures("kernel")
def test_in_a_kernel_a_document_without_a_session_is_a_notebooks():
    assert way_to(None) is Way.NOTEBOOK
    assert way_to(Document()) is Way.NOTEBOOK


def test_a_page_of_bokehs_own_server_is_written_to_directly(loop: IOLoop):
    assert way_to(Page(loop, Websocket()).doc) is Way.WEBSOCKET


def test_a_page_of_another_server_is_reached_as_bokeh_does(loop: IOLoop):
    assert way_to(Page(loop, Websocket(), object()).doc) is Way.SESSION


def test_a_page_that_is_being_made_may_be_changed_at_once(loop: IOLoop):
    page = Page(loop, is_open=False)

    push(page.model, "text", "after")

    assert way_to(page.doc) is Way.SESSION
    assert page.model.text == "after"


def test_a_rehearsed_page_is_nobodys(loop: IOLoop):
    page = Page(loop, is_open=False)
    page.context._server_context = None

    assert way_to(page.doc) is Way.NOBODY


def test_what_is_pushed_to_another_server_takes_the_public_way_under_the_lock(loop: IOLoop):
    page = Page(loop, object())

    push(page.model, "text", "after")
    settled(loop)

    assert page.model.text == "after"
    assert page.sent == ["after"]


def test_a_worker_thread_lets_the_loop_write_to_the_websocket(
    loop: IOLoop, monkeypatch: pytest.MonkeyPatch
):
    page = Page(loop, Websocket())
    writers = []
    locks = SimpleNamespace(
        acquire=lambda: writers.append(threading.current_thread()) or asyncio.Future()
    )
    (connection,) = page.session._subscribed_connections
    connection._socket.write_lock = locks

    push(page.model, "text", "after")
    settled(loop)

    assert page.model.text == "after"
    assert len(writers) == 1
    assert writers[0] is not threading.current_thread()


class Recording(Websocket):
    """A websocket that keeps what is written to it."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        stream = SimpleNamespace(closed=lambda: False, write=self.written.append)
        self.ws_connection = SimpleNamespace(stream=stream)
        self.write_lock = Lock()


def test_columns_are_pushed_as_bokeh_sends_them(loop: IOLoop):
    socket = Recording()
    page = Page(loop, socket)
    source = ColumnDataSource({"x": [], "name": []})
    run_in(page.doc, lambda: page.doc.add_root(source))
    settled(loop)
    page.sent.clear()
    columns = {"x": InlineArray([1.5, 2.5]), "name": InlineTexts(["Hoover", "<b>"])}

    run_in(page.doc, lambda: push_columns(source, columns))
    settled(loop)

    [written] = socket.written
    event = ColumnDataChangedEvent(page.doc, source, "data", columns)
    expected = json.dumps(Serializer(references={source}).encode(event))
    assert json.loads(written[written.index(b'{"events"') :])["events"] == [json.loads(expected)]
    assert source.data is columns
    assert page.sent == []


def test_columns_do_not_overtake_what_was_changed_before_them(loop: IOLoop):
    socket = Recording()
    page = Page(loop, socket)
    source = ColumnDataSource({"x": []})
    run_in(page.doc, lambda: page.doc.add_root(source))
    settled(loop)
    page.sent.clear()

    def change() -> None:
        page.model.text = "first"
        push_columns(source, {"x": [1]})

    run_in(page.doc, change)
    settled(loop)

    assert socket.written == []
    assert page.sent[0] == "first"
    assert len(page.sent) == 2


def test_only_who_holds_the_lock_in_the_loops_thread_may_change_models(loop: IOLoop):
    page = Page(loop, Websocket())
    found = []

    run_in(page.doc, lambda: found.append(may_change(page.doc)))
    settled(loop)

    assert found == [True]
    assert not may_change(page.doc)


def test_what_runs_first_does_so_for_all_sessions_before_the_first_turn(
    loop: IOLoop, caplog: pytest.LogCaptureFixture
):
    acts: list[str] = []
    begins = []
    for name in ("one", "other", "third"):
        page = Page(loop, Websocket())
        with set_curdoc(page.doc):
            schedule = schedule_in_session()
        first = partial(acts.append, f"first {name}") if name != "third" else partial(int, "wrong")
        begins.append(schedule(partial(acts.append, f"turn of {name}"), first))
    settled(loop)
    assert acts == []

    [begin] = filter(None, begins)
    begin()
    settled(loop)

    assert acts == ["first one", "first other", "turn of one", "turn of other", "turn of third"]
    assert "could not be told of its news before its turn" in caplog.text


def test_what_runs_first_is_made_for_many_pages_and_then_sent_to_all_of_them(loop: IOLoop):
    acts: list[str] = []

    def tell(name: str) -> None:
        acts.append(f"made for {name}")
        write(stream(acts, f"sent to {name}"), b"news")

    begins = []
    for name in ("one", "other"):
        page = Page(loop, Websocket())
        with set_curdoc(page.doc):
            schedule = schedule_in_session()
        begins.append(schedule(partial(acts.append, f"turn of {name}"), partial(tell, name)))
    [begin] = filter(None, begins)
    begin()
    settled(loop)

    assert acts == [
        "made for one", "made for other", "sent to one", "sent to other",
        "turn of one", "turn of other",
    ]  # fmt: skip


def stream(acts: list[str], act: str, is_gone: bool = False) -> Any:
    """A websocket's stream that notes when it is written to."""

    def write_to(_data: bytes) -> None:
        if is_gone:
            raise StreamClosedError
        acts.append(act)

    return SimpleNamespace(write=write_to)


def test_what_is_written_together_is_sent_in_its_order_also_when_a_page_has_gone():
    sent: list[str] = []

    write(stream(sent, "alone"), b"")
    with together():
        write(stream(sent, "one"), b"")
        write(stream(sent, "gone", is_gone=True), b"")
        write(stream(sent, "other"), b"")
        assert sent == ["alone"]

    assert sent == ["alone", "one", "other"]


def test_what_waits_for_a_websocket_that_is_being_written_to_is_sent_later(loop: IOLoop):
    socket = Recording()
    page = Page(loop, socket)
    turns: list[Any] = []

    async def write_half() -> None:
        turns.append(await socket.write_lock.acquire())

    loop.add_callback(write_half)
    settled(loop)
    with set_curdoc(page.doc):
        schedule = schedule_in_session()
    begin = schedule(int, partial(push, page.model, "text", "after"))
    assert begin is not None
    begin()
    settled(loop)
    assert socket.written == []

    loop.add_callback(socket.write_lock.release)
    settled(loop)

    assert b"after" in b"".join(socket.written)


@pytest.mark.parametrize("error", [ValueError("a bug"), PanicException("a bug of Polars")])
def test_a_session_that_fails_keeps_no_news_from_the_others(
    loop: IOLoop, error: BaseException, caplog: pytest.LogCaptureFixture
):
    def fail() -> None:
        raise error

    heard: list[str] = []
    pages = [Page(loop, Websocket()) for _ in range(2)]
    schedules = []
    for page in pages:
        with set_curdoc(page.doc):
            schedules.append(schedule_in_session())
    first, turn = partial(heard.append, "first"), partial(heard.append, "turn")
    for firsts, turns in (((fail, fail), (fail, fail)), ((first, first), (fail, turn))):
        [begin] = filter(
            None, map(lambda schedule, *acts: schedule(*acts), schedules, turns, firsts)
        )
        begin()
        settled(loop)

    assert heard == ["first", "first", "turn"]
    assert str(error) in caplog.text


def test_news_for_a_session_that_has_ended_are_dropped(loop: IOLoop):
    page = Page(loop, Websocket())
    with set_curdoc(page.doc):
        schedule = schedule_in_session()
    heard: list[str] = []

    page.doc._session_context = None
    schedule(lambda: heard.append("news"))
    settled(loop)

    assert heard == []


def test_news_of_a_page_that_is_being_made_wait_for_its_session(loop: IOLoop):
    page = Page(loop, is_open=False)
    with set_curdoc(page.doc):
        schedule = schedule_in_session()
    threads = []
    page.doc.add_next_tick_callback = lambda _: threads.append(threading.current_thread())

    schedule(lambda: None)
    settled(loop)

    assert len(threads) == 1
    assert threads[0] is not threading.current_thread()


@pytest.mark.usefixtures("kernel")
def test_a_kernels_thread_takes_the_news_that_another_thread_brings():
    heard = []

    async def cell() -> None:
        schedule = schedule_in_session()
        schedule(lambda: heard.append(threading.current_thread()))
        assert len(heard) == 1, "What the cell itself does is delivered at once."
        await asyncio.to_thread(schedule, lambda: heard.append(threading.current_thread()))
        await asyncio.sleep(0)

    asyncio.run(cell())

    assert heard == [threading.current_thread()] * 2


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ({}, ""),
        ({"selected": [b"2"]}, ""),
        (
            {
                "bokeh-autoload-element": [b"x"],
                "bokeh-app-path": [b"/dams/dashboard"],
                "bokeh-absolute-url": [b"https://dams.example/dams/dashboard"],
            },
            "https://dams.example/dams/dashboard",
        ),
        (
            {"bokeh-autoload-element": [b"x"], "bokeh-app-path": [b"/dams/dashboard"]},
            "/dams/dashboard",
        ),
        ({"bokeh-autoload-element": [b"x"]}, "/"),
    ],
)
def test_a_page_that_a_script_shows_elsewhere_knows_where_its_server_has_it(
    query: dict[str, list[bytes]], address: str
):
    async def ask() -> str:
        page = Page(IOLoop.current())
        page.context._request = SimpleNamespace(arguments=query)
        with set_curdoc(page.doc):
            return delivery.address_elsewhere()

    assert asyncio.run(ask()) == address
