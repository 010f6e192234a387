"""The file of password hashes."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dam_inventory.errors import InvalidSettings
from dam_inventory.server.auth import passwords
from dam_inventory.server.auth.passwords import Hashed


@pytest.fixture(scope="module")
def hashed() -> Hashed:
    return Hashed.of("correct horse")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "passwords.json"


def test_a_password_is_right_for_its_name_only(hashed: Hashed):
    known = {"ann": hashed, "bob": Hashed.of("battery staple")}

    assert passwords.is_right(known, "ann", "correct horse")
    assert not passwords.is_right(known, "ann", "correct horse ")
    assert not passwords.is_right(known, "ann", "")
    assert not passwords.is_right(known, "bob", "correct horse")
    assert not passwords.is_right(known, "eve", "correct horse")
    assert not passwords.is_right(known, "ann", hashed.hash)


def test_every_hash_has_a_salt_of_its_own(hashed: Hashed):
    again = Hashed.of("correct horse")

    assert (again.salt == hashed.salt, again.hash == hashed.hash) == (False, False)


def test_it_is_scrypt_as_others_compute_it():
    # RFC 7914, section 12: the second test vector.
    hashed = Hashed(
        salt=b"NaCl".hex(),
        hash="fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
        n=1024,
        r=8,
        p=16,
    )

    assert hashed.is_of("password")
    assert not hashed.is_of("Password")


def test_setting_a_password_keeps_the_other_entries(path: Path):
    passwords.set_password(path, "Ann Lee", "correct horse")
    passwords.set_password(path, "büb@example.org", "battery staple")
    before = passwords.read(path)
    passwords.set_password(path, "Ann Lee", "another one")

    after = passwords.read(path)
    assert list(after) == ["Ann Lee", "büb@example.org"]
    assert after["büb@example.org"] == before["büb@example.org"]
    assert passwords.is_right(after, "Ann Lee", "another one")
    assert not passwords.is_right(after, "Ann Lee", "correct horse")


def test_the_file_is_private_and_contains_no_password(path: Path):
    passwords.set_password(path, "ann", "correct horse")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "correct horse" not in path.read_text("utf-8")
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_file_keeps_its_link_its_owner_and_its_mode(path: Path, tmp_path: Path):
    real = tmp_path / "elsewhere" / "real.json"
    real.parent.mkdir()
    real.write_text("{}")
    real.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(real, 1, 1)
    path.symlink_to(real)
    before = real.stat()

    passwords.set_password(path, "ann", "correct horse")

    after = real.stat()
    assert path.is_symlink()
    assert [*passwords.read(real)] == ["ann"]
    assert (after.st_uid, after.st_gid, after.st_mode) == (
        before.st_uid, before.st_gid, before.st_mode,
    )  # fmt: skip


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_file_that_root_makes_belongs_to_the_owner_of_its_folder(path: Path):
    os.chown(path.parent, 1, 1)

    passwords.set_password(path, "ann", "correct horse")

    assert (path.stat().st_uid, stat.S_IMODE(path.stat().st_mode)) == (1, 0o600)


def test_commands_at_the_same_time_lose_no_name(path: Path):
    set_one = (
        "import sys; from dam_inventory.server.auth.passwords import set_password\n"
        "for number in range(3): set_password(sys.argv[1], sys.argv[2] + str(number), 'correct')\n"
    ).replace("'correct'", "'correct horse'")
    commands = [
        subprocess.Popen([sys.executable, "-c", set_one, str(path), name]) for name in ("a", "b")
    ]

    assert [command.wait(timeout=120) for command in commands] == [0, 0]
    assert [*passwords.read(path)] == ["a0", "a1", "a2", "b0", "b1", "b2"]


def test_a_name_and_a_password_may_be_typed_on_any_keyboard(path: Path):
    composed, decomposed = "Zoë", "Zoe\u0308"
    passwords.set_password(path, decomposed, "na\u0308chster\u00a0Tag")
    known = passwords.read(path)

    assert [*known] == [composed]
    for name in (composed, decomposed):
        assert passwords.is_right(known, name, "nächster Tag")
        assert not passwords.is_right(known, name, "nachster Tag")


def test_a_password_that_an_older_version_has_hashed_as_typed_still_counts(hashed: Hashed):
    typed = "na\u0308chster Tag"
    known = {"ann": Hashed.of(typed)}

    assert passwords.is_right(known, "ann", typed)


def test_panels_basic_auth_can_not_log_in_with_this_file(path: Path):
    # `--basic-auth` compares the typed text with the text in the file.
    passwords.set_password(path, "ann", "correct horse")

    assert [type(value) for value in json.loads(path.read_text("utf-8")).values()] == [dict]


@pytest.mark.parametrize("name", ["", " ", " ann", "ann\n", "a\x00nn", "guest"])
def test_invalid_names_are_refused(path: Path, name: str):
    with pytest.raises(InvalidSettings, match="is not a valid name"):
        passwords.set_password(path, name, "correct horse")
    assert not path.exists()


def test_a_short_password_is_refused(path: Path):
    with pytest.raises(InvalidSettings, match="at least 8 characters"):
        passwords.set_password(path, "ann", "horse")
    assert not path.exists()


def changed(hashed: Hashed, **values: Any) -> dict[str, Any]:
    return {field: getattr(hashed, field) for field in hashed.__slots__} | values


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("salt", ""),
        ("salt", "xyz"),
        ("hash", "00"),
        ("hash", None),
        ("n", 1000),
        ("n", -2),
        ("n", 2**40),
        ("n", "16384"),
        ("r", 0),
        ("p", 10**6),
    ],
)
def test_a_hash_that_cannot_be_checked_is_refused(
    path: Path, hashed: Hashed, field: str, value: object
):
    path.write_text(json.dumps({"ann": changed(hashed, **{field: value})}))

    with pytest.raises(InvalidSettings, match='"ann" has no valid password hash'):
        passwords.read(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"ann": "plain text"}', '"ann" has no valid password hash'),
        (b"{", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[]", "must contain a JSON object"),
    ],
)
def test_a_malformed_file_is_refused_with_the_command_to_create_one(
    path: Path, content: bytes, reason: str
):
    path.write_bytes(content)

    with pytest.raises(InvalidSettings, match=reason) as raised:
        passwords.read(path)
    assert str(path) in str(raised.value)
    assert " -m dam_inventory password NAME" in str(raised.value)


def test_a_missing_file_is_reported_with_the_command_to_create_it(path: Path):
    with pytest.raises(InvalidSettings, match=r"No such file.* password NAME"):
        passwords.read(path)


def test_a_file_that_can_not_be_written_is_reported(tmp_path: Path):
    with pytest.raises(InvalidSettings, match="can't be written: No such file"):
        passwords.set_password(tmp_path / "nowhere" / "p.json", "ann", "correct horse")
