"""Log in with a name and a password: `--auth-module`."""

import sys

from dam_inventory.config.settings import Settings
from dam_inventory.errors import DamInventoryError
from dam_inventory.server.auth.login_page import PasswordLogin

try:
    _login = PasswordLogin(Settings.from_environment())
except DamInventoryError as error:
    sys.exit(f"Dam Inventory does not start:\n{error}")

login_url, logout_url = _login.login_url, _login.logout_url
LoginHandler, LogoutHandler = _login.LoginHandler, _login.LogoutHandler
get_user = _login.get_user
