"""The private names of Bokeh and Tornado that the server uses exist and behave."""

from __future__ import annotations

import asyncio
import socket
from types import SimpleNamespace

import panel as pn
import pytest
from bokeh.core.serialization import Buffer
from bokeh.core.types import ID
from bokeh.document import Document
from bokeh.protocol import Protocol
from bokeh.server.connection import ServerConnection
from bokeh.server.session import ServerSession
from bokeh.server.urls import per_app_patterns
from bokeh.util.token import generate_jwt_token
from panel import auth
from panel.io.resources import Resources
from panel.io.server import AutoloadJsHandler, DocHandler, WSHandler
from panel.util import classproperty, edit_readonly
from tornado.ioloop import IOLoop
from tornado.iostream import IOStream
from tornado.locks import Lock
from tornado.websocket import WebSocketClosedError, WebSocketProtocol13

from dam_inventory.server.internals import (
    FILES_OF_A_PAGE,
    SessionSocket,
    buffered,
    remember_resources,
    websockets_of,
)
from dam_inventory.server.limits.crowd import Crowd
from dam_inventory.server.limits.waiting_room import Place
from dam_inventory.server.limits.web_server import LimitedServer
from dam_inventory.server.page_socket import PageSocket

WHAT_TO_DO = (
    "{name} is gone or means something else. Look it up in the new version and mend "
    "dam_inventory/server; until then the limit or the check that needs it does nothing."
)


def test_the_handlers_have_what_is_replaced_in_them():
    assert hasattr(WSHandler, "_async_open"), WHAT_TO_DO.format(name="WSHandler._async_open")
    assert hasattr(auth, "_validate_next_url"), WHAT_TO_DO.format(name="_validate_next_url")
    served = {handler for _, handler, *_ in per_app_patterns}
    for usual in (DocHandler, AutoloadJsHandler, WSHandler):
        assert any(issubclass(one, usual) for one in served), WHAT_TO_DO.format(name=usual)
    assert issubclass(PageSocket, WSHandler)


def test_a_session_names_its_websockets():
    session = ServerSession("id", Document(), io_loop=IOLoop.current())
    session.subscribe(ServerConnection(None, "socket", None, session))

    assert websockets_of(session) == ["socket"], WHAT_TO_DO.format(name="_subscribed_connections")
    assert websockets_of(object()) == []


def test_a_stream_says_how_much_it_holds():
    here, there = socket.socketpair()
    stream = IOStream(here)
    try:
        for name in ("_read_buffer_size", "_write_buffer"):
            assert hasattr(stream, name), WHAT_TO_DO.format(name=f"IOStream.{name}")
        stream._read_buffer_size = 7
        assert buffered(SimpleNamespace(ws_connection=SimpleNamespace(stream=stream))) == (7, 0)
    finally:
        stream.close()
        there.close()
    # A closed stream has no buffer.
    assert buffered(SimpleNamespace(ws_connection=SimpleNamespace(stream=stream)))[1] == 0
    assert buffered(SimpleNamespace(ws_connection=None)) == (0, 0)


def test_a_websocket_keeps_the_parts_of_a_message_where_they_are_counted():
    names = WebSocketProtocol13.__init__.__code__.co_names
    assert "_fragmented_message_buffer" in names, WHAT_TO_DO.format(
        name="_fragmented_message_buffer"
    )


def test_the_files_of_components_are_looked_up_once_and_new_components_are_found(their_own):
    with_all = _files()
    remember_resources()
    remembered, again = _files(), _files()
    asked = []

    class Late(pn.reactive.ReactiveHTML):
        _template = "<div id='late'></div>"

        @classproperty
        def __css__(self):
            asked.append(self.__name__)
            return ["https://example.org/late.css"]

    with_late, _ = _files(), asked.clear()
    _files()

    assert remembered == again == with_all
    assert "https://example.org/late.css" in with_late["css_files"], WHAT_TO_DO.format(
        name="Resources.css_files"
    )
    assert not asked


def test_files_that_one_page_adds_to_are_not_those_of_the_next(their_own):
    remember_resources()
    before = {name: [*files] for name, files in _files().items()}

    for files in _files().values():
        files.clear()

    assert {name: [*files] for name, files in _files().items()} == before


@pytest.mark.parametrize(
    ("setting", "value", "where"),
    [
        ("raw_css", ["body { color: navy }"], "css_raw"),
        ("global_css", ["body { color: teal }"], "css_raw"),
        ("js_files", {"own": "https://example.org/own.js"}, "js_files"),
        ("js_modules", {"own": "https://example.org/own.mjs"}, "js_modules"),
        ("global_loading_spinner", True, "css_raw"),
    ],
)
def test_a_page_with_files_of_its_own_gets_them_and_no_other_does(
    setting: str, value: object, where: str, their_own
):
    remember_resources()
    without = _files()

    with pn.config.set(**{setting: value}):
        with_it = _files()

    assert with_it[where] != without[where]
    assert _files() == without


def test_files_are_found_again_where_the_page_is_at_another_address(their_own):
    remember_resources()
    at_the_root = _files()

    with edit_readonly(pn.state):
        pn.state.rel_path = ".."
    try:
        elsewhere = _files()
    finally:
        with edit_readonly(pn.state):
            pn.state.rel_path = None

    assert elsewhere != at_the_root == _files()


def test_addresses_that_are_made_up_do_not_fill_the_memory(their_own, monkeypatch):
    asked = []
    find = Resources.css_files.fget
    monkeypatch.setattr(Resources, "css_files", property(lambda of: asked.append(of) or find(of)))
    remember_resources()

    for number in (0, 0, *range(1, 101), 0):
        _ = Resources(mode="server", root_url=f"https://{number}.example.org/").css_files

    assert len(asked) == 102


def _files() -> dict[str, list[str]]:
    resources = Resources(mode="server")
    return {name: getattr(resources, name) for name in FILES_OF_A_PAGE}


def test_a_ping_to_a_page_that_has_just_gone_does_not_fail():
    gone = PageSocket.__new__(PageSocket)
    gone.ws_connection = None
    session = ServerSession("id", Document(), io_loop=IOLoop.current())

    ServerConnection(None, gone, None, session).send_ping()

    with pytest.raises(WebSocketClosedError):  # Bokeh then takes the connection's session.
        WSHandler.ping(gone, b"")


@pytest.mark.parametrize(
    ("compression", "buffers", "expected"),
    [(None, [], "at once"), (6, [], "by Bokeh"), (None, [b"1"], "by Bokeh")],
    ids=["small", "compressed", "with buffers"],
)
def test_a_message_is_sent_in_one_piece_unless_bokeh_does_more_to_it(
    monkeypatch: pytest.MonkeyPatch,
    compression: int | None,
    buffers: list[bytes],
    expected: str,
):
    sent: list[tuple[str, object]] = []

    class Stream:
        async def write(self, content: bytes) -> None:
            sent.append(("at once", content))

    async def send_by_bokeh(_socket: PageSocket, message: object) -> None:
        sent.append(("by Bokeh", message))

    async def send() -> None:
        socket = PageSocket.__new__(PageSocket)
        vars(socket).update(
            ws_connection=SimpleNamespace(stream=Stream()), _compression_level=compression,
            _mem_level=None, write_lock=Lock(), _place=Place(),
        )  # fmt: skip
        message = Protocol().create("OK", "7")
        for buffer in buffers:
            message.add_buffer(Buffer(ID("b"), buffer))
        await socket.send_message(message)

    monkeypatch.setattr(SessionSocket, "send_message", send_by_bokeh)
    asyncio.run(send())

    [(how, content)] = sent
    assert how == expected
    if how == "at once":
        assert all(part in content for part in (b'"7"', b'"OK"', b"{}"))


def test_a_page_that_goes_while_its_websocket_opens_keeps_no_session(
    monkeypatch: pytest.MonkeyPatch,
):
    async def open_while_it_goes() -> tuple[ServerSession, PageSocket]:
        loop = IOLoop.current()
        session = ServerSession(ID("one"), Document(), io_loop=loop)
        socket = PageSocket.__new__(PageSocket)
        application = SimpleNamespace(client_lost=lambda lost: lost.detach_session())
        context = SimpleNamespace(sessions=[session])
        vars(socket).update(
            application=application, application_context=context, connection=None, _timeout=None,
            ws_connection=None, close_code=None, close_reason=None, _place=Place(),
            write_lock=Lock(),
        )  # fmt: skip

        async def open_late(_socket: PageSocket, _token: str) -> None:
            socket.on_close()
            socket.connection = ServerConnection(None, socket, None, session)
            await socket.send_message(Protocol().create("ACK"))

        monkeypatch.setattr(LimitedServer, "crowd", Crowd(100), raising=False)
        monkeypatch.setattr(SessionSocket, "open_session", open_late)
        await socket.open_session(generate_jwt_token(ID("one")))
        return session, socket

    session, socket = asyncio.run(open_while_it_goes())

    assert session.connection_count == 0
    assert socket._timeout is None
