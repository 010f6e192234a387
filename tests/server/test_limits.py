"""Limits on the messages of one browser, without a server; test_hostile.py uses a server."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from typing import Any

import pytest

from dam_inventory.domain.hydrograph import MAX_BYTES
from dam_inventory.server.limits.messages import (
    MAX_BYTES_OF_MESSAGE,
    MAX_BYTES_OF_TEXT,
    MAX_EVENTS,
    MAX_OBJECTS,
    MAX_REFERENCES,
    MAX_VALUES,
    Allowance,
    Conversation,
    MessageRefused,
    new_objects,
)
from dam_inventory.session.uploads import PART


def change(new: object, attr: str = "tags") -> dict[str, Any]:
    return {"kind": "ModelChanged", "model": {"id": "p1"}, "attr": attr, "new": new}


def model(number: int) -> dict[str, Any]:
    return {"type": "object", "name": "Range1d", "id": f"x{number}", "attributes": {}}


def patch(*events: object) -> str:
    return json.dumps({"events": events}, separators=(",", ":"))


def nothing(_: str) -> bool:
    return False


def say(talk: Conversation, content: str, now: float = 1.0, kind: str = "PATCH-DOC") -> None:
    """Send a whole message."""
    for part in (json.dumps({"msgid": "1", "msgtype": kind}), "{}", content):
        talk.judge(part, now, nothing)


def say_all(talk: Conversation, contents: Iterable[str], kind: str = "PATCH-DOC") -> str:
    """Send messages at the same moment; return the reason of the first refusal, or ""."""
    for content in contents:
        try:
            say(talk, content, kind=kind)
        except MessageRefused as refused:
            return str(refused)
    return ""


@pytest.fixture
def talk() -> Conversation:
    return Conversation()


def test_an_allowance_is_used_up_and_grows_again():
    allowance = Allowance(10, per_second=2)

    assert [allowance.take(4, 100) for _ in range(3)] == [True, True, False]
    assert not allowance.take(1, 100.5)
    assert allowance.take(1, 102)
    assert not allowance.take(11, 1000)


def test_a_person_who_pans_for_a_minute_is_let_through(talk: Conversation):
    for number in range(60 * 60):
        say(talk, patch(change(float(number), "start"), change(1.5, "end")), now=number / 60)

    assert talk.has_begun


def test_the_largest_file_is_let_through_twice_in_a_row(talk: Conversation):
    file = b64encode(bytes(MAX_BYTES)).decode()
    content = patch(change(["flood of, {1941}.csv", MAX_BYTES, file], "file"))

    say(talk, content)
    say(talk, content)

    assert talk.has_begun


def test_files_one_after_the_other_are_refused(talk: Conversation):
    content = patch(change(["a", 1, "A" * 2 * MAX_BYTES_OF_TEXT], "file"))

    assert say_all(talk, [content] * 10) == "Too many bytes in a short time."


def test_texts_one_after_the_other_are_refused(talk: Conversation):
    content = patch(change("x" * 400_000, "value"))

    assert say_all(talk, [content] * 20) == "Too many bytes in a short time."


def part_of_file(size: int = PART) -> str:
    return patch(change([3 * PART, b64encode(bytes(size)).decode()], "part"))


def test_a_page_may_send_a_large_file_part_by_part(talk: Conversation):
    for number in range(2000):
        say(talk, part_of_file(), now=1 + number / 20)

    assert talk.has_begun


def test_parts_that_nobody_has_asked_for_are_refused(talk: Conversation):
    assert say_all(talk, [part_of_file()] * 20) == "Too many bytes in a short time."


def test_what_is_no_part_of_a_file_has_the_allowance_of_other_texts(talk: Conversation):
    content = patch(change(["a", "b" * 300_000], "value"), change("c" * 10_000, "value"))

    assert say_all(talk, [content] * 60) == "Too many bytes in a short time."
    assert talk.has_begun


def test_a_page_that_reconnects_may_send_its_whole_document():
    content = patch(
        {"kind": "RootAdded", "model": {"type": "map", "x": [model(n) for n in range(2000)]}}
    )

    assert new_objects(content, lambda _: True) == 0


@pytest.mark.parametrize("events", [1, MAX_EVENTS])
def test_many_small_changes_are_let_through(events: int):
    assert new_objects(patch(*[change(1)] * events), nothing) == 0


def nested(depth: int) -> str:
    return '{"events":[' + "[" * depth + "]" * depth + "]}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (patch(*[change(1)] * (MAX_EVENTS + 1)), "events"),
        (patch(change([model(n) for n in range(MAX_OBJECTS + 1)])), "new objects"),
        (patch(*[change([model(n) for n in range(10)])] * 60), "new objects"),
        (
            patch(change([model(n) for n in range(600)])).replace("object", "\\u006fbject"),
            "new objects",
        ),
        (patch(change([{"id": "p1"}] * (MAX_REFERENCES + 1))), "refers to more"),
        (patch(change([0] * (MAX_VALUES + 2))), "values"),
        (patch(change([[]] * (MAX_VALUES + 2))), "values"),
        (nested(400), "nested"),
        (nested(9_000), "nested"),
        (patch(change("x" * 400_000 + '"y"' + "x" * 200_000)), "no file"),
        (patch(change([0] * 400_000)), "no file"),
        ("[" * 600_000, "no file"),
        ("\\" * 600_000, "no file"),
        ("{" * 60, "not JSON"),
        ('{"events":[{"kind":"ColumnsStreamed"}]}', "no page sends"),
        ('{"events":[{"kind":"\\u0043olumnsStreamed"}]}', "no page sends"),
    ],
)
def test_a_message_that_costs_too_much_is_refused(content: str, reason: str):
    with pytest.raises(MessageRefused, match=reason):
        new_objects(content, nothing)


def test_objects_add_up_over_messages(talk: Conversation):
    contents = [patch(change([model(number)])) for number in range(MAX_OBJECTS + 1)]

    assert say_all(talk, contents[:-1]) == ""
    assert "objects in a short time" in say_all(talk, contents[-1:])


def test_a_flood_of_messages_is_refused(talk: Conversation):
    assert say_all(talk, [patch(change(1))] * 3000) == "Too many messages in a short time."


def test_repeated_requests_for_the_document_are_refused(talk: Conversation):
    assert "requested too often" in say_all(talk, ["{}"] * 4, kind="PULL-DOC-REQ")


def test_the_tenth_message_that_fails_closes_the_connection(talk: Conversation):
    for _ in range(9):
        talk.fail(1)

    with pytest.raises(MessageRefused, match="Ten messages"):
        talk.fail(1)


def test_rare_failures_are_forgiven(talk: Conversation):
    for hour in range(30):
        talk.fail(3600.0 * hour)


HEADER = json.dumps({"msgid": "1", "msgtype": "PATCH-DOC", "num_buffers": 1})


@pytest.mark.parametrize(
    "fragments",
    [
        ["no JSON"],
        ["[" * 3000],
        ["{}"],
        ['{"msgid":"1"}'],
        ['{"msgid":"1","msgtype":"PUSH-DOC"}'],
        ['{"msgid":"1","msgtype":["PATCH-DOC"]}'],
        ['{"msgid":"1","msgtype":"PATCH-DOC","num_buffers":1000000000}'],
        ['{"msgid":"1","msgtype":"PATCH-DOC","num_buffers":true}'],
        [json.dumps({"msgid": "x" * 5000, "msgtype": "PATCH-DOC"})],
        [b"bytes"],
        [HEADER, "{" + " " * 5000 + "}"],
        [HEADER, b"{}"],
        [HEADER, "{}", '{"events":[]}', '{"id":"1"}', "text"],
        [HEADER, "{}", '{"events":[]}', b"bytes"],
        [HEADER, "{}", '{"events":[]}', '{"id":"1"}', b"x" * (MAX_BYTES_OF_MESSAGE + 1)],
    ],
)
def test_a_message_that_no_page_sends_is_refused(talk: Conversation, fragments: list[str | bytes]):
    for fragment in fragments[:-1]:
        talk.judge(fragment, 1, nothing)

    with pytest.raises(MessageRefused):
        talk.judge(fragments[-1], 1, nothing)


def test_arrays_in_buffers_are_accepted(talk: Conversation):
    for fragment in (HEADER, "{}", '{"events":[]}', '{"id":"1"}', b"array"):
        talk.judge(fragment, 1, nothing)

    say(talk, patch(change(1)))
