"""`python -m dam_inventory token`."""

from __future__ import annotations

import argparse

from ..config.settings import Settings
from ..database.condition import expect_file, opened_to_read
from ..database.engine import open_database
from ..database.inventory import Inventory
from ..database.tokens import Tokens
from ..domain.tokens import Token, hash_of
from ..domain.visible import escaped
from ..errors import InvalidToken
from .terminal import discard_output


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of `token` to its parser."""
    command.add_argument(
        "name", metavar="NAME", nargs="?", help="the user with whose permissions a program reads"
    )
    command.add_argument(
        "--label", default="", metavar="TEXT", help="what the token is for, such as QGIS"
    )
    command.add_argument(
        "--expires", type=int, metavar="DAYS", help="let the token expire; by default it does not"
    )
    command.add_argument("--list", action="store_true", help="list all tokens, without the secrets")
    command.add_argument("--revoke", type=int, metavar="ID", help="revoke the token with this id")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Make, list or revoke tokens."""
    if sum((bool(options.name), options.list, options.revoke is not None)) != 1:
        raise InvalidToken("Give one of NAME, --list and --revoke ID.")
    if not options.name and (options.label or options.expires is not None):
        raise InvalidToken("--label and --expires belong to a new token: give its NAME.")
    settings = Settings.from_environment()
    if options.list:
        with opened_to_read(settings.database_url) as engine:
            _list(Tokens(Inventory(engine)).all())
        return
    expect_file(settings.database_url)
    engine = open_database(settings.database_url, example_dams=settings.example_dams)
    try:
        tokens = Tokens(Inventory(engine))
        if options.name:
            _hand_over(tokens, tokens.make(options.name, options.label, options.expires))
        else:
            revoked = tokens.revoke(options.revoke)
            print(f'Revoked token {revoked.id} of {revoked.user_name}, "{revoked.label}".')
    finally:
        engine.dispose()


def _hand_over(tokens: Tokens, made: str) -> None:
    """Print a new token. Where it can't be printed, nobody has it: revoke it."""
    try:
        print(made, flush=True)
    except OSError as error:
        discard_output()
        own = tokens.find(hash_of(made))
        if own is not None:
            tokens.revoke(own.id)
        raise InvalidToken(
            f"The token can't be printed, and is revoked: {error.strerror}."
        ) from None


def _list(tokens: list[Token]) -> None:
    if not tokens:
        print("There are no tokens.")
        return
    print(f"{'ID':>4}  {'Made':10}  {'Expires':10}  {'Last used':10}  Name, label")
    for one in tokens:
        expires = f"{one.expires_at:%Y-%m-%d}" if one.expires_at else "never"
        used = f"{one.last_used:%Y-%m-%d}" if one.last_used else "never"
        name = f"{one.user_name}, {one.label}" if one.label else one.user_name
        print(f"{one.id:>4}  {one.made_at:%Y-%m-%d}  {expires:10}  {used:10}  {escaped(name)}")
