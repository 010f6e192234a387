"""Sentences that describe changes: in the toast, in the history, and after a conflict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .changes import (
    Change,
    DamAdded,
    DamChange,
    DamEdited,
    DamRemoved,
    DamRestored,
    DamsChange,
    DamsImported,
    DamsRemoved,
    DamsRestored,
    DamUpdated,
    HydrographAssigned,
    HydrographEdited,
    HydrographRemoved,
    HydrographRestored,
    Import,
    ImportUndone,
    UnknownChange,
    dam_ids,
    size,
)

# By kind: the sentence for one dam, and for {number} of them.
_WORDS: dict[type, tuple[str, str]] = {
    DamAdded: (
        'A new dam has been added{by}: "{name}"',
        "{number:,} new dams have been added{by}",
    ),
    DamsImported: ("", ""),  # see `_of_imports`
    ImportUndone: ("", ""),
    DamEdited: ('"{name}" has been edited{by}', "{number:,} dams have been edited{by}"),
    DamUpdated: (
        'An import has changed "{name}"{by}',
        "Imports have changed {number:,} dams{by}",
    ),
    DamRemoved: ('"{name}" has been removed{by}', "{number:,} dams have been removed{by}"),
    DamRestored: ('"{name}" has been restored{by}', "{number:,} dams have been restored{by}"),
    HydrographAssigned: (
        'A hydrograph has been assigned to "{name}"{by}',
        "{number:,} hydrographs have been assigned{by}",
    ),
    HydrographEdited: (
        'A hydrograph of "{name}" has been edited{by}',
        "{number:,} hydrographs have been edited{by}",
    ),
    HydrographRemoved: (
        'A hydrograph of "{name}" has been removed{by}',
        "{number:,} hydrographs have been removed{by}",
    ),
    HydrographRestored: (
        'A hydrograph of "{name}" has been restored{by}',
        "{number:,} hydrographs have been restored{by}",
    ),
    UnknownChange: ("A change has been made{by}", "{number:,} changes have been made{by}"),
}
_OWN = {
    DamAdded: 'Your dam has been added: "{name}".',
    DamEdited: 'Your changes to "{name}" have been saved.',
    DamRemoved: '"{name}" has been removed.',
    DamRestored: '"{name}" has been restored.',
    HydrographAssigned: 'Your hydrograph has been assigned to "{name}".',
    HydrographEdited: 'Your change to a hydrograph of "{name}" has been saved.',
    HydrographRemoved: 'A hydrograph of "{name}" has been removed.',
    HydrographRestored: 'A hydrograph of "{name}" has been restored.',
}
_REPEATABLE = (DamEdited, DamRemoved, DamRestored)
_ALIKE = {DamsRemoved: DamRemoved, DamsRestored: DamRestored}
"""Changes of several dams, and those of one dam that they are counted with."""

_MAX_NAMED = 2

RESTORED = "The inventory was restored from a backup or replaced. This page shows its current data."

CLOSED = "This dashboard is closed."

STALE = (
    "The database does not respond. This page may be out of date, and changes can't be saved "
    "for now."
)
MISSING = (
    "The database is missing. This page shows its last known data. Changes can't be saved until "
    "the database is back."
)

MAX_MISSED = 1000
"""The maximum number of missed changes that a returning page describes one by one."""


def dams(number: int) -> str:
    """Return for example "1 dam" or "91,457 dams"."""
    return "1 dam" if number == 1 else f"{number:,} dams"


def count(changes: Sequence[Change]) -> int:
    """Return the number of changed dams; a dam counts once for each kind of change."""
    repeatable = [one for one in changes if _kind(one) in _REPEATABLE]
    again = {(_kind(one), dam_id) for one in repeatable for dam_id in dam_ids(one)}
    return len(again) + sum(size(one) for one in changes if _kind(one) not in _REPEATABLE)


def announcement(changes: Sequence[Change], earlier: int = 0) -> str:
    """Return the toast for changes that this session does not show yet.

    earlier: the number of dams in older ones, which are only counted.
    """
    if earlier:
        return f"{earlier + count(changes):,} changes have been made. Reload to see them."
    it = "it" if count(changes) == 1 else "them"
    is_removal = all(_kind(one) in (DamRemoved, ImportUndone) for one in changes)
    invitation = "Reload to update the page." if is_removal else f"Reload to see {it}."
    return f"{told(changes)} {invitation}"


def told(changes: Sequence[Change]) -> str:
    """Describe changes, in one sentence for each kind."""
    kinds: dict[type, list[Change]] = {kind: [] for kind in _WORDS}
    for one in changes:
        kinds[_kind(one)].append(one)
    return " ".join(f"{_of_one_kind(kind, some)}." for kind, some in kinds.items() if some)


def missed(changes: Sequence[Change]) -> str:
    """Return the toast for changes that are loaded, but were made while the page was away."""
    if len(changes) > MAX_MISSED:
        return f"More than {MAX_MISSED:,} changes have been made while you were away."
    if count(changes) == 1 or not all(map(adds, changes)):
        return f"While you were away: {told(changes)}"
    return f"{count(changes):,} dams have been added{by_whom(changes)} while you were away."


def gone(dam_id: int, removal: Change | None) -> str:
    """Return the toast for a link to a dam that is not there. removal: None if it is not known."""
    if not isinstance(removal, DamRemoved):
        return f"The dam of this link (no. {dam_id}) is not in this inventory."
    return (
        f'The dam of this link (no. {dam_id}, "{removal.dam_name}") is not in the inventory any '
        f"more; it was removed on {removal.at:%Y-%m-%d}{by_whom([removal])}."
    )


def still_waiting(number: int) -> str:
    """Return the line of a toast for changes that were put off before, and come with a reload."""
    if number == 1:
        return "1 earlier change waits, too."
    return f"{number:,} earlier changes wait, too."


def confirmation(own: Change, loaded_with_it: Sequence[Change], earlier: int = 0) -> str:
    """Return the toast for the author of a change that was just loaded.

    earlier: the number of dams in older changes loaded with it, which are only counted.
    """
    sentence = told([replace(own, by=None) if isinstance(own, Import) else own])
    if isinstance(own, DamEdited) and own.undoes is not None:
        sentence = f'Your changes to "{own.dam_name}" have been undone.'
    elif type(own) in _OWN and isinstance(own, DamChange):
        sentence = _OWN[type(own)].format(name=own.dam_name)
    number = earlier + sum(map(size, loaded_with_it))
    if not number:
        return sentence
    are_new = not earlier and all(map(adds, loaded_with_it))
    what = ("new dam was", "new dams were") if are_new else ("change was", "changes were")
    others = f"Another {what[0]}" if number == 1 else f"{number:,} other {what[1]}"
    return f"{sentence} {others} loaded with it."


def _kind(one: Change) -> type:
    return _ALIKE.get(type(one), type(one))


def _of_one_kind(kind: type, changes: Sequence[Change]) -> str:
    if kind is DamsImported:
        return _of_imports([one for one in changes if isinstance(one, DamsImported)])
    if kind is ImportUndone:
        return _of_undone_imports([one for one in changes if isinstance(one, ImportUndone)])
    number, by = count(changes), by_whom(changes)
    of_one, of_many = _WORDS[kind]
    if number > 1:
        return of_many.format(number=number, by=by)
    one = next(one for one in changes if one.count and not isinstance(one, Import))
    if isinstance(one, DamsChange):
        return of_one.format(name=one.dam_names[0], by=by)
    return of_one.format(name=one.dam_name, by=by)


def adds(change: Change) -> bool:
    """Return whether a change only adds dams."""
    return isinstance(change, DamAdded) or (isinstance(change, DamsImported) and not change.updated)


def _of_imports(imports: Sequence[DamsImported]) -> str:
    added, updated = sum(one.count for one in imports), sum(one.updated for one in imports)
    source = _sources(imports)
    by = by_whom(imports)
    if not added:
        return f"{dams(updated)} {_have(updated)} been updated from {source}{by}"
    also = f", {updated:,} updated" if updated else ""
    return f"{dams(added)} {_have(added)} been imported from {source}{by}{also}"


def _of_undone_imports(undone: Sequence[ImportUndone]) -> str:
    removed, reverted = sum(one.removed for one in undone), sum(one.reverted for one in undone)
    parts = []
    if removed:
        parts.append(f"{dams(removed)} {'is' if removed == 1 else 'are'} removed")
    if reverted:
        have = "has its" if reverted == 1 else "have their"
        parts.append(f"{dams(reverted)} {have} earlier values again")
    which = (
        f"The import of {_sources(undone)} has"
        if len(undone) == 1
        else (f"{len(undone):,} imports have")
    )
    return f"{which} been undone{by_whom(undone)}: {', '.join(parts)}"


def _sources(imports: Sequence[Import]) -> str:
    names = dict.fromkeys(one.source for one in imports)
    return f'"{next(iter(names))}"' if len(names) == 1 else f"{len(names):,} files"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def several(names: Sequence[str], most: int) -> str:
    """List names in quotation marks, at most some of them: '"Hoover", "Shasta" and 3 others'."""
    named = [f'"{name}"' for name in names[:most]]
    if rest := len(names) - len(named):
        named.append(f"{rest:,} other{'s' if rest > 1 else ''}")
    return f"{', '.join(named[:-1])} and {named[-1]}" if named[1:] else "".join(named)


def by_whom(changes: Sequence[Change]) -> str:
    """Return for example " by ann and bob", or "" if no name is known."""
    names = list(dict.fromkeys(one.by for one in changes if one.by is not None))
    if not names:
        return ""
    if len(names) > _MAX_NAMED:
        others = len(names) - _MAX_NAMED
        names = [*names[:_MAX_NAMED], f"{others} other{'s' if others > 1 else ''}"]
    return f" by {', '.join(names[:-1])} and {names[-1]}" if names[1:] else f" by {names[0]}"
