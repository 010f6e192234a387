"""`python -m dam_inventory password`."""

from __future__ import annotations

import argparse
import getpass
import sys

from ..config.settings import Settings
from ..errors import InvalidSettings
from ..server.auth import passwords


def set_password(options: argparse.Namespace) -> None:
    """Ask for a password, and write its hash to the passwords file."""
    path = Settings.from_environment().passwords_file
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password for {options.name}: ")
        if getpass.getpass("Repeat the password: ") != password:
            raise InvalidSettings("The passwords do not match. Nothing was changed.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    passwords.set_password(path, options.name, password)
    print(f"{options.name} can now log in. The hash of the password is in {path}.")
