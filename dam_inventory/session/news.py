"""News: what a session has been told, what it shows, and what it waits for."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from ..domain.changes import Change, size

MAX_KEPT = 1000
"""Maximum number of changes kept one by one. A page may stay open, and unread, for months."""


@dataclass(frozen=True, slots=True)
class Recent:
    """The latest changes, oldest first.

    earlier: number of dams in even older changes, of which only this count is kept.
    """

    changes: tuple[Change, ...] = ()
    earlier: int = 0

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __add__(self, later: Recent) -> Recent:
        # What `later` has only counted is newer than all of this.
        changes = later.changes if later.earlier else self.changes + later.changes
        kept = changes[-MAX_KEPT:]
        counted = sum(map(size, (self.changes + later.changes)[: -len(kept) or None]))
        return Recent(kept, self.earlier + later.earlier + counted)

    def split(self, revision: int) -> tuple[Recent, Recent]:
        """Return the changes up to a revision, all counted ones among them, and those after it."""
        shown = tuple(one for one in self.changes if one.seq <= revision)
        return Recent(shown, self.earlier), Recent(self.changes[len(shown) :])

    def without(self, seq: int) -> Recent:
        """Return all changes but one."""
        return Recent(tuple(one for one in self.changes if one.seq != seq), self.earlier)


@dataclass(frozen=True, slots=True)
class News:
    """The news of one session. Methods return the next state.

    Each change in the log is in one of three places: it is shown, it waits (`dismissed` or
    `unread`), or it is not delivered yet.
    """

    revision: int = 0
    """The `seq` of the last change that the session shows."""
    received: int = 0
    """The `seq` up to which changes were delivered. The feed publishes in the order of `seq`."""
    dismissed: Recent = Recent()
    """Waiting changes of which the user was told before."""
    unread: Recent = Recent()
    """Waiting changes that the toast reports."""
    own: Change | None = None
    """The session's own change that the toast confirms."""
    loaded: Recent = Recent()
    """Changes that were loaded together with `own`."""
    missed: tuple[Change, ...] = ()
    """Changes that the session shows, but that were made while its page was away."""
    gone: tuple[tuple[int, Change | None], ...] = ()
    """The dams of a link that are not in the inventory: their ids and, if known, their removals."""
    is_restored: bool = False
    """Whether the toast reports that the inventory was restored or replaced."""

    @classmethod
    def at(cls, revision: int, is_restored: bool = False) -> News:
        """Return the news of a session that has just begun to show a revision."""
        return cls(revision, revision, is_restored=is_restored)

    @property
    def waiting(self) -> tuple[Change, ...]:
        """The latest changes that are not loaded yet, oldest first."""
        return self.dismissed.changes + self.unread.changes

    def arrive(self, changes: Sequence[Change], awaited: Container[int] = ()) -> News:
        """Take published changes.

        awaited: the `seq` of own changes that `confirm` is about to take.
        """
        received, others = self.received, []
        for one in changes:
            if one.seq > received:  # else it is published again
                received = one.seq
                if received not in awaited:
                    others.append(one)
        if received == self.received:
            return self
        # The feed sets a new snapshot shortly before it publishes the changes in it.
        late, unread = Recent(tuple(others)).split(self.revision)
        return replace(
            self,
            received=received,
            unread=self.unread + unread,
            loaded=self.loaded + late.without(self.own.seq) if self.own else self.loaded,
        )

    def load(self, revision: int) -> News:
        """Note that the session shows a newer revision, as the feed has it."""
        return replace(
            self,
            revision=revision,
            received=max(self.received, revision),
            dismissed=self.dismissed.split(revision)[1],
            unread=self.unread.split(revision)[1],
        )

    def confirm(self, own: Change, revision: int) -> News:
        """Note that the session shows its own change, with all others up to a revision."""
        dismissed, unread = self.dismissed.split(revision), self.unread.split(revision)
        return replace(
            self,
            revision=revision,
            dismissed=dismissed[1],
            unread=unread[1],
            own=own,
            loaded=(self.loaded + dismissed[0] + unread[0]).without(own.seq),
        )

    def without_own(self) -> News:
        """Note that the user has read the confirmation of their own change."""
        return replace(self, own=None, loaded=Recent())

    def count_unread(self) -> News:
        """Note that the user need not be told of what is unread: it only waits."""
        return replace(self, dismissed=self.dismissed + self.unread, unread=Recent())

    def dismiss(self) -> News:
        """Empty the toast; what waits still waits."""
        return replace(
            self, dismissed=self.dismissed + self.unread, unread=Recent(), own=None,
            loaded=Recent(), missed=(), gone=(), is_restored=False,
        )  # fmt: skip

    def dismiss_to(self, seq: int) -> News:
        """Take changes up to one off the toast, which tells of later ones by now."""
        told, unread = self.unread.split(seq)
        if not told:
            return self
        return replace(self, dismissed=self.dismissed + told, unread=unread)


_MAX_SHARED = 16
_shared: tuple[tuple[News, int, Change, News], ...] = ()
"""The latest answers of `arrive_together`: before, number of changes, the last one, after."""


def arrive_together(before: News, changes: Sequence[Change]) -> News:
    """Return what `before.arrive(changes)` does: the same object for all in the same state.

    changes: as they were published, so that their number and the last one tell which they are.
    """
    global _shared
    if not changes:
        return before
    last = changes[-1]
    for old, number, newest, after in _shared:
        if newest is last and number == len(changes) and (old is before or old == before):
            return after
    after = before.arrive(changes)
    _shared = ((before, len(changes), last, after), *_shared[: _MAX_SHARED - 1])
    return after
