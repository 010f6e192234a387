"""Who may do what."""

import pytest

from dam_inventory.errors import PermissionDenied
from dam_inventory.permissions import OPERATOR, PERMISSIONS, Permission, User

ADDER = User("ann", frozenset({"add_dams"}))


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_an_administrator_may_do_everything(permission: Permission):
    assert User("root", frozenset({"administer"})).may(permission)
    assert OPERATOR.may(permission)


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_viewer_may_do_nothing(permission: Permission):
    viewer = User("vera", frozenset())

    assert not viewer.may(permission)
    with pytest.raises(PermissionDenied, match=r"^vera may not paint dams\.$"):
        viewer.require(permission, "paint dams")


def test_everybody_may_change_their_own_dams():
    assert ADDER.may_change("ann")
    assert not ADDER.may_change("bob")
    assert not ADDER.may_change(None)


def test_who_may_no_longer_add_may_not_change_their_own_either():
    assert not User("ann", frozenset()).may_change("ann")


def test_an_editor_may_change_everybodys_dams():
    assert User("eve", frozenset({"edit_any"})).may_change("bob")


def test_without_a_login_what_nobody_signed_is_everybodys():
    nobody = User(None, frozenset({"add_dams"}))

    assert nobody.may_change(None)
    assert not nobody.may_change("bob")
    with pytest.raises(PermissionDenied, match="not logged in may not import"):
        nobody.require("import_dams", "import files")
