"""The tokens that the database keeps."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import Engine, text

from dam_inventory.database.inventory import Inventory
from dam_inventory.database.tokens import Tokens
from dam_inventory.domain.tokens import hash_of
from dam_inventory.errors import DatabaseUnavailable, InvalidToken

pytestmark = pytest.mark.databases("sqlite", "postgresql")


class Clock:
    """A time that a test moves on."""

    now = dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(inventory: Inventory, clock: Clock) -> Tokens:
    return Tokens(inventory, clock)


def test_a_token_is_found_by_its_hash_and_is_itself_not_kept(tokens: Tokens, engine: Engine):
    made = tokens.make("ann", "QGIS")

    assert re.fullmatch("dam_[0-9a-f]{64}", made)
    found = tokens.find(hash_of(made))
    assert found is not None
    assert (found.user_name, found.label) == ("ann", "QGIS")
    assert (found.expires_at, found.last_used) == (None, None)
    with engine.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM tokens")).all())
    assert made not in kept
    assert made.removeprefix("dam_") not in kept


def test_no_two_tokens_are_the_same(tokens: Tokens):
    assert len({tokens.make("ann") for _ in range(5)}) == 5
    assert [one.user_name for one in tokens.all()] == ["ann"] * 5


def test_a_revoked_token_is_not_found_and_others_are(tokens: Tokens):
    gone, kept = tokens.make("ann"), tokens.make("bob")
    first, _ = tokens.all()

    assert tokens.revoke(first.id).user_name == "ann"

    assert tokens.find(hash_of(gone)) is None
    assert tokens.find(hash_of(kept)) is not None


@pytest.mark.parametrize("token_id", [0, -1, 7, 2**31, 10**20])
def test_a_token_that_is_not_there_can_not_be_revoked(tokens: Tokens, token_id: int):
    with pytest.raises(InvalidToken, match=f"There is no token {token_id}"):
        tokens.revoke(token_id)


def test_a_token_expires(tokens: Tokens, clock: Clock):
    made = tokens.make("ann", days=2)
    clock.now += dt.timedelta(days=2, seconds=-1)
    assert tokens.find(hash_of(made)) is not None
    clock.now += dt.timedelta(seconds=1)

    assert tokens.find(hash_of(made)) is None
    assert len(tokens.all()) == 1


def test_the_day_of_its_last_use_is_kept(tokens: Tokens, clock: Clock):
    tokens.make("ann")
    [made] = tokens.all()
    tokens.note_use(made)

    [used] = tokens.all()
    assert used.last_used == clock.now.date()


@pytest.mark.parametrize("name", ["", " ", "guest", "ann\n", " ann", "a" * 201, "a\x00b"])
def test_a_token_needs_a_valid_name(tokens: Tokens, name: str):
    with pytest.raises(InvalidToken, match="is not a valid name"):
        tokens.make(name)
    assert tokens.all() == []


@pytest.mark.parametrize("label", ["a\nb", "x" * 201])
def test_a_label_is_one_printable_line(tokens: Tokens, label: str):
    with pytest.raises(InvalidToken, match="is not a valid label"):
        tokens.make("ann", label)


@pytest.mark.parametrize("days", [0, -1, 36_501, 10**9])
def test_the_days_until_it_expires_are_limited(tokens: Tokens, days: int):
    with pytest.raises(InvalidToken, match="expires after 1 to 36,500 days"):
        tokens.make("ann", days=days)


def test_a_database_that_is_read_only_makes_none_and_says_so(
    inventory: Inventory, engine: Engine, database_url: str, opened
):
    made = Tokens(inventory).make("ann")
    only_reading = "options=-c%20default_transaction_read_only%3Don"
    is_file = engine.name == "sqlite"
    file = database_url.replace("sqlite:///", "sqlite:///file:")
    url = f"{file}?mode=ro&uri=true" if is_file else f"{database_url}?{only_reading}"
    tokens = Tokens(Inventory(opened(url)))

    with pytest.raises(DatabaseUnavailable, match=r"read-?only .*\. Nothing was saved\."):
        tokens.make("ann")
    assert tokens.find(hash_of(made)) is not None
