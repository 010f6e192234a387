"""Sessions whose page never opened."""

from __future__ import annotations

from dam_inventory.server.limits.admission import MAX_FRESH, SECONDS_TO_OPEN, FreshSessions


class Session:
    """The part of a Bokeh session that is used."""

    def __init__(self, number: int) -> None:
        self.id = str(number)
        self.has_expired = False

    def request_expiration(self) -> None:
        self.has_expired = True


def test_too_many_sessions_without_a_websocket_end_the_oldest_ones():
    sessions = [Session(number) for number in range(MAX_FRESH + 10)]
    fresh = FreshSessions()
    for number, one in enumerate(sessions):
        fresh.add(one, now=float(number))
        if number == 3:
            fresh.open(one.id)

    expired = [number for number, one in enumerate(sessions) if one.has_expired]
    assert expired == [0, 1, 2, *range(4, 10)]
    assert len(fresh) == MAX_FRESH


def test_a_page_keeps_its_time_to_open_during_a_rush():
    sessions = [Session(number) for number in range(2 * MAX_FRESH)]
    fresh = FreshSessions()
    for one in sessions:
        fresh.add(one, now=SECONDS_TO_OPEN - 1.0)

    assert not any(one.has_expired for one in sessions)


def test_ended_sessions_are_not_kept():
    fresh = FreshSessions()
    for number in range(2 * MAX_FRESH):
        fresh.add(Session(number), now=float(number))

    assert len(fresh) <= MAX_FRESH
