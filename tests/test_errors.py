"""What can go wrong."""

from __future__ import annotations

import inspect
import re

from dam_inventory import errors
from dam_inventory.errors import DamInventoryError


def test_the_tree_in_the_docstring_has_every_error():
    classes = {
        name
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, Exception)
    }

    assert set(re.findall(r"[├└]── (\w+)", errors.__doc__)) == classes - {"DamInventoryError"}


def test_one_clause_catches_them_all():
    classes = inspect.getmembers(errors, inspect.isclass)
    raised = [one for _, one in classes if one.__module__ == errors.__name__]

    assert [one for one in raised if not issubclass(one, DamInventoryError)] == []
    assert len(raised) > 1
