"""The form that edits a dam."""

from __future__ import annotations

from collections.abc import Callable

from dam_inventory.draft import DamDraft
from dam_inventory.store import DamStore
from dam_inventory.views.edit_form import EditForm


def test_its_heading_shows_a_name_as_text(store: DamStore, draft: Callable[..., DamDraft]):
    added = store.add(draft("<img src=x onerror=alert(1)> *Heron*"))
    form = EditForm(store, lambda: None)

    form.edit(added.dam_id)

    assert not set(form._heading.object) & set("<>*")
    assert "img" in form._heading.object
