"""Permissions of users and groups."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.permissions import (
    GUEST,
    OPERATOR,
    PERMISSIONS,
    Anonymous,
    Group,
    Permission,
    Permissions,
    User,
)
from dam_inventory.errors import PermissionDenied

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


def test_users_may_change_their_own_dams():
    assert ADDER.may_change("ann")
    assert not ADDER.may_change("bob")
    assert not ADDER.may_change(None)


def test_a_user_who_may_no_longer_add_dams_may_not_change_their_own():
    assert not User("ann", frozenset()).may_change("ann")


def test_an_editor_may_change_all_dams():
    assert User("eve", frozenset({"edit_any"})).may_change("bob")


def test_without_a_login_everyone_may_change_dams_that_have_no_author():
    nobody = User(None, frozenset({"add_dams"}))

    assert nobody.may_change(None)
    assert not nobody.may_change("bob")
    refusal = r"^A person without a login may not import files\.$"
    with pytest.raises(PermissionDenied, match=refusal):
        nobody.require("import_dams", "import files")


SOME = Permissions(
    everyone=frozenset({"add_dams"}),
    users={"ann": frozenset({"import_dams"}), "root": frozenset({"administer"})},
    groups={
        "editors": Group(frozenset({"edit_any"}), frozenset({"ann"})),
        "clerks": Group(frozenset({"import_dams"})),
    },
    group_claim="groups",
)


@pytest.mark.parametrize(
    ("anonymous", "permissions"),
    [("view", set()), ("add", {"add_dams"}), ("administer", set(PERMISSIONS))],
)
def test_without_a_login_a_setting_decides_what_visitors_may_do(
    anonymous: Anonymous, permissions: set[Permission]
):
    assert Permissions(anonymous=anonymous).user(None) == User(None, frozenset(permissions))


def test_users_may_add_dams_unless_a_file_says_otherwise():
    assert Permissions(anonymous="administer").user("ann") == User("ann", frozenset({"add_dams"}))
    assert Permissions(everyone=frozenset()).user("ann") == User("ann", frozenset())


@pytest.mark.parametrize("permissions", [SOME, Permissions(anonymous="administer")])
def test_a_guest_may_only_view(permissions: Permissions):
    assert permissions.user(GUEST, {"groups": ["editors"]}) == User(GUEST, frozenset())


def test_a_user_has_the_permissions_of_everyone_their_own_and_their_groups():
    assert SOME.user("ann").permissions == {"add_dams", "import_dams", "edit_any"}
    assert SOME.user("bob").permissions == {"add_dams"}
    assert SOME.user("Ann").permissions == {"add_dams"}
    assert SOME.user("root").permissions == {"add_dams", "administer"}


@pytest.mark.parametrize(
    ("claims", "permissions"),
    [
        ({"groups": "editors"}, {"edit_any"}),
        ({"groups": ["clerks", "editors"]}, {"edit_any", "import_dams"}),
        ({"groups": ["strangers", None, 7, ["clerks"], {"clerks": 1}, "editors"]}, {"edit_any"}),
        ({"groups": {"editors": True}}, set()),
        ({"groups": "editors clerks"}, set()),
        ({"groups": ["Editors"]}, set()),
        ({"group": ["editors"]}, set()),
        ({"groups": None}, set()),
        ({}, set()),
        (None, set()),
        ("editors", set()),
        ([{"groups": "editors"}], set()),
    ],
)
def test_a_claim_may_name_one_group_or_a_list_of_groups(
    claims: object, permissions: set[Permission]
):
    assert SOME.user("bob", claims).permissions == {"add_dams"} | permissions


def test_without_a_group_claim_claims_are_ignored():
    permissions = Permissions(groups={"editors": Group(frozenset({"edit_any"}))})

    assert permissions.user("bob", {"groups": ["editors"], None: "editors"}) == (
        User("bob", frozenset({"add_dams"}))
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("groups"), inner),
)


@given(JSON)
def test_any_shape_of_claims_is_accepted(claims: Any):
    assert not SOME.user("bob", claims).may("administer")
    assert not SOME.user("bob", {"groups": claims}).may("administer")
