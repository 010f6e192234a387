"""Work lists: filters with a name, those that a person keeps, and which of them are watched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..errors import InvalidWorkList
from .visible import without_flaws

MAX_LISTS = 50
"""The maximum number of lists that a person keeps."""

MAX_NAME_LENGTH = 80
MAX_QUERY_LENGTH = 4_000
"""Of a name and of a filter, in characters."""


@dataclass(frozen=True, slots=True)
class WorkList:
    """A filter with a name.

    query: the filter as the address of the page has it. needs: fields without any value of which
    no dam can match.
    """

    name: str
    query: str
    needs: tuple[str, ...] = ()


READY_MADE = (
    WorkList(
        "High hazard, poor or unsatisfactory",
        "hazard_potential=High&condition_assessment=Poor&condition_assessment=Unsatisfactory",
        ("hazard_potential", "condition_assessment"),
    ),
    WorkList(
        "High hazard without an emergency action plan",
        "hazard_potential=High&eap_prepared=No",
        ("hazard_potential", "eap_prepared"),
    ),
    WorkList(
        "Inspection overdue",
        "due=inspection_overdue",
        ("last_inspection_date", "inspection_frequency_years"),
    ),
    WorkList(
        "Emergency action plan older than five years",
        "due=plan_old",
        ("eap_last_revision_date",),
    ),
    WorkList("No coordinates", "quality=no_coordinates"),
)
"""The lists of everybody."""

_READY_MADE = {one.name.casefold() for one in READY_MADE}


@dataclass(frozen=True, slots=True)
class WorkLists:
    """The lists of one person. Methods return the next state, or raise InvalidWorkList.

    own: what they have made, in the order of making. watched: the names of those lists, their own
    or READY_MADE, whose changes concern them. is_quiet: whether other changes are only counted.
    """

    own: tuple[WorkList, ...] = ()
    watched: tuple[str, ...] = ()
    is_quiet: bool = False

    @classmethod
    def read(cls, kept: Any) -> WorkLists:
        """Return the lists that `as_dict` has described; ignore what is not valid.

        kept: anything, for example from a browser.
        """
        lists = cls()
        if not isinstance(kept, Mapping):
            return lists
        for one in _some(kept.get("own")):
            match one:
                case [str(name), str(query)]:
                    lists = lists._attempt("save", name, query)
        for name in _some(kept.get("watched")):
            if isinstance(name, str):
                lists = lists._attempt("watch", name, True)
        return lists.silence(kept.get("is_quiet") is True)

    def as_dict(self) -> dict[str, Any]:
        """Return the lists as a value for JSON."""
        return {
            "own": [[one.name, one.query] for one in self.own],
            "watched": [*self.watched],
            "is_quiet": self.is_quiet,
        }

    @property
    def watching(self) -> tuple[WorkList, ...]:
        """The lists that are watched, the person's own first."""
        return tuple(one for one in (*self.own, *READY_MADE) if one.name in self.watched)

    def named(self, name: str) -> WorkList:
        """Return a list of this person, or of READY_MADE."""
        for one in (*self.own, *READY_MADE):
            if one.name == name:
                return one
        raise InvalidWorkList("This list does not exist any more.")

    def free(self, name: str) -> str:
        """Return a name like this one that no list has."""
        taken = {one.name.casefold() for one in (*self.own, *READY_MADE)}
        name, number = _cleaned(name)[:MAX_NAME_LENGTH], 2
        found = name
        while found.casefold() in taken:
            ending = f" ({number})"
            found, number = name[: MAX_NAME_LENGTH - len(ending)] + ending, number + 1
        return found

    def save(self, name: str, query: str) -> WorkLists:
        """Add a list."""
        name = self._checked(name)
        if not query:
            raise InvalidWorkList("Choose a filter first. A list without a filter has all dams.")
        if len(query) > MAX_QUERY_LENGTH:
            raise InvalidWorkList("This filter is too long for a list. Choose fewer values.")
        if len(self.own) >= MAX_LISTS:
            raise InvalidWorkList(f"You have {MAX_LISTS} lists. Remove one to save another.")
        return replace(self, own=(*self.own, WorkList(name, query)))

    def rename(self, name: str, new: str) -> WorkLists:
        """Give a list of their own another name."""
        index = self._index(name)
        new = self._checked(new, besides=name)
        own = [*self.own]
        own[index] = replace(own[index], name=new)
        watched = tuple(new if one == name else one for one in self.watched)
        return replace(self, own=tuple(own), watched=watched)

    def remove(self, name: str) -> WorkLists:
        """Remove a list of their own, and no longer watch it."""
        index = self._index(name)
        own = self.own[:index] + self.own[index + 1 :]
        return replace(self, own=own).watch(name, False)

    def watch(self, name: str, is_wanted: bool) -> WorkLists:
        """Watch a list, or no longer."""
        others = tuple(one for one in self.watched if one != name)
        if not is_wanted:
            return replace(self, watched=others)
        return replace(self, watched=(*others, self.named(name).name))

    def silence(self, is_wanted: bool) -> WorkLists:
        """Only count changes that concern no watched list, or tell of them, too."""
        return replace(self, is_quiet=is_wanted)

    def _index(self, name: str) -> int:
        names = [one.name for one in self.own]
        if name not in names:
            raise InvalidWorkList("This list does not exist any more.")
        return names.index(name)

    def _checked(self, name: str, besides: str = "") -> str:
        name = _cleaned(name)
        if not name:
            raise InvalidWorkList("Give the list a name.")
        if len(name) > MAX_NAME_LENGTH:
            raise InvalidWorkList(f"The name has more than {MAX_NAME_LENGTH} characters.")
        taken = {one.name.casefold() for one in self.own if one.name != besides} | _READY_MADE
        if name.casefold() in taken:
            raise InvalidWorkList(f'There is already a list "{name}". Choose another name.')
        return name

    def _attempt(self, method: str, *arguments: Any) -> WorkLists:
        try:
            changed: WorkLists = getattr(self, method)(*arguments)
        except InvalidWorkList:
            return self
        return changed


def _cleaned(name: str) -> str:
    """Return a name in one line, without what nobody can see."""
    return " ".join(without_flaws(name[:10_000]).split())


def _some(values: Any) -> list[Any]:
    return values[: 2 * MAX_LISTS] if isinstance(values, list) else []
