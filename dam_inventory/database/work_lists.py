"""Reads and writes the work lists of a user, within a transaction."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from ..domain.permissions import User
from ..domain.work_lists import WorkLists
from .models import WorkListsRow


def read(connection: Connection, of: User) -> WorkLists:
    """Return the lists of a user; raise PermissionDenied for a person without a login."""
    return WorkLists.read(_kept(connection, of))


def write(connection: Connection, lists: WorkLists, of: User) -> None:
    """Replace the lists of a user."""
    kept = lists.as_dict()
    if _kept(connection, of) is None:
        connection.execute(insert(WorkListsRow).values(user_name=of.name, lists=kept))
    else:
        is_theirs = WorkListsRow.user_name == of.name
        connection.execute(update(WorkListsRow).where(is_theirs).values(lists=kept))


def _kept(connection: Connection, of: User) -> object:
    if not of.has_lists:
        raise of.denied("keep work lists in the inventory")
    query = select(WorkListsRow.lists).where(WorkListsRow.user_name == of.name)
    return connection.execute(query).scalar_one_or_none()
