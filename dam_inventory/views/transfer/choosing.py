"""Chosen: what a person has chosen to import of what a look has found."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...session.importing import ALL_FIELDS, Choice
from ..components.asking import Action


@dataclass(frozen=True)
class Chosen:
    """The state of the choices.

    fields: those that are updated, None for all. The others are as in `Choice`.
    """

    is_update: bool = False
    fields: frozenset[str] | None = None
    overwrite_edited: bool = False
    accept_weak: bool = True
    bring_back: bool = False

    def after(self, action: Action) -> Chosen:
        """Return the choices after what a page asks; the same ones if that makes no sense."""
        match action:
            case ["update", bool(is_wanted)]:
                return replace(self, is_update=is_wanted)
            case ["all fields", bool(is_wanted)]:
                return replace(self, fields=None if is_wanted else frozenset())
            case ["field", str(name), bool(is_wanted)] if name in ALL_FIELDS:
                others = (self.fields or frozenset()) - {name}
                return replace(self, fields=others | {name} if is_wanted else others)
            case ["overwrite", bool(is_wanted)]:
                return replace(self, overwrite_edited=is_wanted)
            case ["weak", bool(is_wanted)]:
                return replace(self, accept_weak=is_wanted)
            case ["bring back", bool(is_wanted)]:
                return replace(self, bring_back=is_wanted)
        return self

    @property
    def choice(self) -> Choice:
        """The same for the inventory."""
        fields = ALL_FIELDS if self.fields is None else self.fields
        return Choice(
            update=fields if self.is_update else frozenset(),
            overwrite_edited=self.overwrite_edited,
            accept_weak=self.accept_weak,
            bring_back=self.bring_back,
        )
