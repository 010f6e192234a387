"""The permissions file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dam_inventory.config import permissions_file
from dam_inventory.domain.permissions import Group, Permissions
from dam_inventory.errors import InvalidSettings

GOOD = """
group_claim = "groups"
everyone = ["add_dams"]

[users]
alice = ["administer"]
"ann.lee@example.org" = ["add_dams", "import_dams"]

[groups.editors]
permissions = ["add_dams", "edit_any"]
members = ["carol"]

[groups."Dam safety"]
permissions = ["import_dams"]
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "who.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.mark.parametrize("content", [GOOD, GOOD.replace("\n", "\r\n"), "\ufeff" + GOOD])
def test_it_gives_permissions_to_everyone_to_users_and_to_groups(
    written: Callable[[str], Path], content: str
):
    assert permissions_file.read(written(content), "view") == Permissions(
        everyone=frozenset({"add_dams"}),
        users={
            "alice": frozenset({"administer"}),
            "ann.lee@example.org": frozenset({"add_dams", "import_dams"}),
        },
        groups={
            "editors": Group(frozenset({"add_dams", "edit_any"}), frozenset({"carol"})),
            "Dam safety": Group(frozenset({"import_dams"})),
        },
        group_claim="groups",
        anonymous="view",
    )


def test_the_example_in_the_documentation_is_valid(written: Callable[[str], Path]):
    page = (Path(__file__).parents[2] / "docs/permissions.md").read_text("utf-8")
    [example] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)

    permissions = permissions_file.read(written(example))

    assert permissions.user("alice").may("administer")
    assert permissions.user("dan", {"groups": ["editors"]}).may("edit_any")


def test_permissions_that_are_not_in_the_file_are_not_given(written: Callable[[str], Path]):
    permissions = permissions_file.read(written(""))

    assert permissions == Permissions(everyone=frozenset())
    assert permissions.user("alice").permissions == frozenset()


# Wrong content, the line of the error, and a part of the reason.
BAD = [
    ('everyone = ["add_dams"', 1, "Invalid TOML: Unclosed array"),
    ("[users]\nann@here = []", 2, "Invalid TOML: Expected '=' after a key"),
    ("[users]\nann = []\nann = []", 3, "Invalid TOML: Cannot overwrite a value"),
    (b'[users]\nann = []\n"\xe4" = []', 3, "Invalid UTF-8. Save the file as UTF-8."),
    ("[user]", 1, '"user" is not a key of this file. Did you mean "users"?'),
    (
        "\n# all\nevery_one = []",
        3,
        '"every_one" is not a key of this file. Did you mean "everyone"?',
    ),
    ("group_claim = 3", 1, "group_claim is 3, but must be the name of a claim in quotes."),
    ('group_claim = " "', 1, "group_claim is ' ', but must be the name of a claim"),
    ('everyone = "add_dams"', 1, "everyone is 'add_dams', but must be a list of permissions"),
    ("everyone = [1]", 1, "everyone is [1], but must be a list of permissions in quotes."),
    ('everyone = ["add_dam"]', 1, '"add_dam" is not a permission. Did you mean "add_dams"?'),
    ("users = 3", 1, "users is 3, but must be a table under [users]."),
    ("[users]\nann = true", 2, "users.ann is True, but must be a list of permissions in quotes."),
    (
        '[users]\neve = []\n# first\nann = [\n  # why\n  "add_dams",\n  "admin",\n]\nbob = []',
        4,
        '"admin" is not a permission. Did you mean "administer"?',
    ),
    (
        '[users]\nann.lee = ["administer"]',
        2,
        'but must be a list; a name with a dot needs quotes: "ann.lee".',
    ),
    (
        '[users]\nann = ["add_dams", "add_dams"]',
        2,
        'users.ann names "add_dams" more than once.',
    ),
    ('[users]\nguest = ["administer"]', 2, '"guest" is reserved for visitors'),
    ('[users]\n" " = []', 2, "users has an empty name."),
    ("groups = []", 1, "groups is [], but must be a table under [groups]."),
    ('[groups]\neditors = ["ann"]', 2, "groups.editors is ['ann'], but must be a table with"),
    ('[groups.editors]\nmembers = ["ann"]', 1, "groups.editors has no permissions."),
    (
        "[groups.editors]\npermissions = []\n\nmember = []",
        4,
        '"member" is not a key of groups.editors. Did you mean "members"?',
    ),
    (
        '[groups.editors]\npermissions = []\nmembers = "ann"',
        3,
        "groups.editors.members is 'ann', but must be a list of names in quotes.",
    ),
    (
        '[groups.editors]\npermissions = []\nmembers = ["guest"]',
        3,
        '"guest" is reserved for visitors',
    ),
    (
        '[users]\n"Jos\u00e9" = ["edit_any"]\n"Jose\u0301" = []',
        3,
        "users has 'Jose\\u0301' and 'Jos\\xe9', which are one name. Keep one of them.",
    ),
]


@pytest.mark.parametrize(("content", "line", "reason"), BAD)
def test_an_error_is_reported_with_file_line_and_reason(
    written: Callable[[str | bytes], Path], content: str | bytes, line: int, reason: str
):
    path = written(content)

    with pytest.raises(InvalidSettings) as raised:
        permissions_file.read(path)

    assert str(raised.value).startswith(f"{path}, line {line}: ")
    assert reason in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_all_errors_are_reported_at_once_in_the_order_of_the_lines(
    written: Callable[[str], Path],
):
    path = written('[groups.editors]\nmember = []\n\n[users]\nann = ["edit"]\n')

    with pytest.raises(InvalidSettings) as raised:
        permissions_file.read(path)

    told = [line.removeprefix(f"{path}, line ") for line in str(raised.value).splitlines()]
    assert [one.split(":")[0] for one in told] == ["1", "2", "5"]


def test_a_missing_file_is_reported_in_one_sentence(tmp_path: Path):
    with pytest.raises(InvalidSettings, match=r"nobody\.toml can't be read: No such file"):
        permissions_file.read(tmp_path / "nobody.toml")


def test_a_name_means_the_same_person_however_a_keyboard_writes_it(written: Callable[[str], Path]):
    decomposed = "Zoe\u0308"
    path = written(
        f'[users]\n"{decomposed}" = ["edit_any"]\n'
        f'[groups.importers]\npermissions = ["import_dams"]\nmembers = ["{decomposed}"]\n'
    )
    user = permissions_file.read(path).user("Zoë")
    assert user.may("edit_any")
    assert user.may("import_dams")
    assert permissions_file.read(path).user(decomposed) == user
