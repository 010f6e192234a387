"""`/api/changes`, of a real `panel serve`: parts of the log, and the stream of changes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import text

from dam_inventory.database import backup, restoring
from dam_inventory.domain.messages import told
from tests.members import Member
from tests.nginx import nginx, port_for_nginx
from tests.server.api.event_client import CuttingProxy, EventClient
from tests.servers import PATIENCE
from tests.starting import wait_until
from tests.ui.server import Server, serving

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("changes"), "--warm") as server:
        yield server


def ask(server: Server, headers: dict[str, str] | None = None, **asked: Any) -> tuple[int, Any]:
    """Return the status and the JSON of an answer."""
    request = Request(f"{server.origin}/api/changes?{urlencode(asked)}", headers=headers or {})
    try:
        answer = urlopen(request, timeout=PATIENCE)
    except HTTPError as error:
        answer = error
    with answer:
        body = answer.read()
        return answer.status, json.loads(body) if body else answer.headers


def stream(server: Server, **asked: Any) -> EventClient:
    return EventClient(f"{server.origin}/api/changes?{urlencode(asked)}")


def test_without_a_position_it_tells_where_the_log_ends(server: Server):
    server.add_dams("Hoover")
    status, found = ask(server)
    seq = server.inventory.history(most=1)[0].seq

    assert (status, found["seq"], found["changes"], found["next"]) == (200, seq, [], None)
    assert found["epoch"] == server.inventory.snapshot().epoch


def test_a_change_is_told_with_its_dam_its_author_and_its_values(server: Server):
    dam_id = server.add_dam('Größe "1"')
    seq = ask(server)[1]["seq"]
    change = server.inventory.edit(dam_id, {"river": "Green River"}, seq)
    server._expect_published(change.seq)

    [found] = ask(server, since=seq)[1]["changes"]

    assert found == {
        "seq": change.seq,
        "epoch": server.inventory.snapshot().epoch,
        "kind": "DamEdited",
        "at": change.at.isoformat().replace("+00:00", "Z"),
        "by": None,
        "what": told([change]),
        "dam": {"id": dam_id, "name": 'Größe "1"'},
        "dams": [{"id": dam_id, "name": 'Größe "1"'}],
        "old": dict(change.old),
        "new": {"river": "Green River"},
        "undoes": None,
    }


def test_links_lead_through_the_whole_log(server: Server):
    server.add_dams("Glen Canyon", "Oroville", "Shasta")
    seqs, url = [], f"{server.origin}/api/changes?since=0&limit=2"
    while url:
        with urlopen(url, timeout=PATIENCE) as answer:
            part = json.load(answer)
        assert len(part["changes"]) <= 2
        seqs += [one["seq"] for one in part["changes"]]
        url = part["next"]

    assert seqs == [one.seq for one in server.inventory.changes_since(0)]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "-1"}, 'since is "-1", but must be a whole number of at least 0, or'),
        ({"since": "²"}, 'since is "²", but must be a whole number of at least 0, or'),
        ({"since": ""}, "since is"),
        ({"since": 1, "limit": 0}, 'limit is "0", but must be a whole number of at least 1 and'),
        ({"limit": "10001"}, "limit is"),
        ({"epoch": "abc"}, "epoch is given without since."),
        ({"sinse": 1}, '"sinse" is not a parameter.'),
    ],
)
def test_a_wrong_parameter_is_refused_in_words(server: Server, asked: dict[str, Any], said: str):
    status, found = ask(server, **asked)

    assert status == 400
    assert found["description"].startswith(said)
    server.forgive()


def test_a_parameter_counts_only_once(server: Server):
    with pytest.raises(HTTPError, match="400"):
        urlopen(f"{server.origin}/api/changes?since=1&since=2", timeout=PATIENCE)
    server.forgive()


@pytest.mark.parametrize(
    "asked",
    [
        {"since": 1, "epoch": "abc"},
        {"since": 999_999_999_999_999},
        {"since": "9" * 5_000},
        {"since": "1-0123456789ab"},
    ],
)
def test_who_knows_another_inventory_is_told_to_read_everything_anew(
    server: Server, asked: dict[str, Any]
):
    newest = ask(server)[1]
    status, found = ask(server, **asked)

    assert (status, found["reset"], found["changes"]) == (200, True, [])
    assert (found["epoch"], found["seq"]) == (newest["epoch"], newest["seq"])


def test_a_client_that_knows_the_answer_gets_none(server: Server):
    url = f"{server.origin}/api/changes?since=1"
    with urlopen(url, timeout=PATIENCE) as answer:
        tag = answer.headers["ETag"]
    with pytest.raises(HTTPError, match="304"):
        urlopen(Request(url, headers={"If-None-Match": tag}), timeout=PATIENCE)

    server.add_dams("Flaming Gorge")

    with urlopen(Request(url, headers={"If-None-Match": tag}), timeout=PATIENCE) as answer:
        assert json.load(answer)["changes"][-1]["dams"][0]["name"] == "Flaming Gorge"


def test_what_a_client_knows_depends_on_its_position(server: Server):
    url, epoch = f"{server.origin}/api/changes", ask(server)[1]["epoch"]
    with urlopen(Request(url, headers={"Last-Event-ID": f"{epoch}:2"}), timeout=PATIENCE) as answer:
        headers = {"If-None-Match": answer.headers["ETag"], "Last-Event-ID": f"{epoch}:1"}
    with urlopen(Request(url, headers=headers), timeout=PATIENCE) as answer:
        assert json.load(answer)["changes"][0]["seq"] == 2


def test_a_change_of_an_unknown_kind_is_passed_on_with_its_kind(tmp_path: Path):
    with serving(tmp_path, "--warm") as server:
        start = server.mark
        with server.inventory.writing() as connection:
            connection.execute(
                text(
                    "INSERT INTO changes (at, kind, details) "
                    "VALUES ('2030-01-01 00:00:00', 'DamPainted', '{}')"
                )
            )
        server.expect_complaint("A newer version writes changes", start)
        [found] = ask(server, since=2)[1]["changes"]

        assert (found["kind"], found["what"]) == ("DamPainted", "A change has been made.")


def test_a_stream_tells_what_was_missed_and_what_happens(server: Server):
    since = ask(server)[1]["seq"]
    server.add_dams("Missed")
    client = stream(server, since=since)
    with client.connected() as answer:
        events = client.events(answer)
        first = next(events)
        server.add_dams("Heard")
        second = next(events)

        assert answer.headers["Content-Type"] == "text/event-stream"
        assert answer.headers["X-Accel-Buffering"] == "no"
    assert [one.data["dams"][0]["name"] for one in (first, second)] == ["Missed", "Heard"]
    part = ask(server, since=since, limit=1)[1]
    assert (first.kind, first.id) == ("", f"{part['epoch']}:{part['mark']}")
    assert first.data == part["changes"][0]
    assert first.data["kind"] == "DamAdded"


def test_a_stream_without_a_position_begins_now_and_says_where(server: Server):
    client = stream(server)
    with client.connected() as answer:
        events = client.events(answer)
        wait_for_line(answer, b"id: ")
        server.add_dams("From now on")

        assert next(events).data["dams"][0]["name"] == "From now on"


def wait_for_line(answer: Any, start: bytes) -> None:
    while not answer.readline().startswith(start):
        pass


def test_after_the_client_has_gone_nobody_is_left(server: Server):
    before = server.mark
    client = stream(server, since=0)
    with client.connected() as answer:
        next(client.events(answer))
        server.expect_log(r"Follower \d+ subscribed\. Active followers: 1", before)

    server.expect_log(r"Follower \d+ unsubscribed\. Active followers: 0", before)
    assert "Traceback" not in server.log


def test_of_another_epoch_a_stream_tells_a_reset_and_goes_on(server: Server):
    client = stream(server)
    client.last_id = "abc:1"
    with client.connected() as answer:
        events = client.events(answer)
        reset = next(events)
        server.add_dams("After the reset")

        assert (reset.kind, reset.data["reset"]) == ("reset", True)
        assert next(events).data["dams"][0]["name"] == "After the reset"


def test_a_restored_inventory_is_a_reset_for_streams_and_parts(tmp_path: Path):
    with serving(tmp_path, "--warm") as server:
        file, url = tmp_path / "backup.db", f"sqlite:///{server.database}"
        backup.backup(url, file)
        server.add_dams("Lost")
        known = ask(server)[1]
        client = stream(server, since=known["seq"], epoch=known["epoch"])
        start = server.mark
        with client.connected() as answer:
            events = client.events(answer)
            wait_for_line(answer, b"id: ")
            restoring.restore(url, file)
            reset = next(events)

            assert reset.kind == "reset"
            assert reset.data["epoch"] != known["epoch"]
        server.expect_complaint("The inventory was restored", start)
        assert ask(server, since=known["seq"], epoch=known["epoch"])[1]["reset"]


@pytest.mark.parametrize("last", ["<script>", "abc:", "9" * 5_000])
def test_a_bad_last_event_id_is_a_reset_because_browsers_would_not_try_again(
    server: Server, last: str
):
    client = stream(server)
    client.last_id = last
    with client.connected() as answer:
        assert (answer.status, next(client.events(answer)).kind) == (200, "reset")


def test_a_plain_number_is_a_last_event_id_as_it_is_a_since(server: Server):
    found = ask(server, {"Last-Event-ID": "1"})[1]

    assert found["changes"] == ask(server, since=1)[1]["changes"]
    assert "reset" not in found


def test_who_keeps_only_where_an_answer_ends_hears_everything(server: Server):
    server.add_dams("Parker", "Davis")
    for name in ("seq", "mark"):
        heard, part = [], {name: 0, "seq": 0, "newest": 1}
        while part["seq"] < part["newest"]:
            part = ask(server, since=part[name], limit=1)[1]
            heard += [one["seq"] for one in part["changes"]]

        assert heard == [one.seq for one in server.inventory.changes_since(0)]


def test_one_client_may_open_ten_streams(server: Server):
    with ExitStack() as stack:
        for _ in range(10):
            answer = stack.enter_context(stream(server).connected())
            assert answer.status == 200
        refused = stack.enter_context(stream(server).connected())

        assert refused.status == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert "10 streams open" in json.load(refused)["description"]
    wait_until(lambda: ask_stream_status(server) == 200)
    server.forgive()


def ask_stream_status(server: Server) -> int:
    with stream(server).connected() as answer:
        return answer.status


def test_a_server_that_goes_down_ends_its_streams_in_order(tmp_path: Path):
    with serving(tmp_path, "--warm") as server:
        client = stream(server)
        with client.connected() as answer:
            wait_for_line(answer, b"id: ")
            server.tell_to_end()

            assert list(client.events(answer)) == []
            assert client.comments[-1] == " The server is going down."
        assert server.wait(PATIENCE) == 0
        assert "Not all sessions could be ended" not in server.log


@pytest.mark.databases("sqlite", "postgresql")
def test_a_client_that_is_cut_off_at_random_hears_each_change_once_and_in_order(
    tmp_path: Path, database_url: str
):
    seed = random.randrange(2**32)
    with ExitStack() as stack:
        members = []
        for i in range(2):
            members.append(Member(tmp_path / f"log_{i}", database_url=database_url))
            stack.callback(members[-1].close)
        settings = {"database_url": database_url, "api_requests_per_minute": 100_000}
        server = stack.enter_context(serving(tmp_path, "--warm", **settings))
        proxy = CuttingProxy(server.address, random.Random(seed), 6_000)
        stack.callback(proxy.close)
        for i, member in enumerate(members):
            member.add([f"Dam {i} {j}" for j in range(150)], threads=2)

        heard = EventClient(f"http://{proxy.address}/api/changes?since=2").until(302)

        for member in members:
            member.added()
        log = server.inventory.changes_since(2)
        assert [one.data["seq"] for one in heard] == [one.seq for one in log], f"seed {seed}"
        assert [one.data["dams"][0]["name"] for one in heard] == [one.dam_name for one in log]
        assert proxy.cuts > 10


def test_a_reader_that_does_not_read_is_told_the_rest_later(server: Server):
    since = ask(server)[1]["seq"]
    client = stream(server, since=since)
    with client.connected() as answer:
        server.add_dams(*[f"Unread {i:03} {'x' * 150}" for i in range(300)])
        names = [
            one.data["dams"][0]["name"]
            for _, one in zip(range(300), client.events(answer), strict=False)
        ]

    assert [name[:10] for name in names] == [f"Unread {i:03}" for i in range(300)]


def test_a_stream_outlives_a_database_that_is_away(tmp_path: Path):
    with serving(tmp_path, "--warm") as server:
        start = server.mark
        away = server.database.with_name("away.db")
        client = stream(server)
        with client.connected() as answer:
            events = client.events(answer)
            wait_for_line(answer, b"id: ")
            server.database.rename(away)
            server.expect_complaint("trying again: The database file", start)
            assert ask(server, since=1)[0] == 503
            away.rename(server.database)
            wait_until(lambda: ask(server, since=1)[0] == 200)
            server.add_dams("When it is back")

            assert next(events).data["dams"][0]["name"] == "When it is back"
        server.forgive()


def test_a_stream_goes_through_nginx_at_once(tmp_path: Path):
    port = port_for_nginx()
    (tmp_path / "nginx").mkdir()
    with (
        serving(tmp_path, "--warm", "--use-xheaders") as server,
        nginx(tmp_path / "nginx", port, server, server) as address,
    ):
        client = EventClient(f"{address}/api/changes?since=2")
        with client.connected() as answer:
            wait_for_line(answer, b"id: ")
            server.add_dams("Through nginx")

            assert next(client.events(answer)).data["dams"][0]["name"] == "Through nginx"
