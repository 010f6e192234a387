"""Log in with a name and a password: `panel serve dashboard.py --auth-module auth.py`."""

from dam_inventory.served.auth import (
    LoginHandler,
    LogoutHandler,
    get_user,
    login_url,
    logout_url,
)

__all__ = ["LoginHandler", "LogoutHandler", "get_user", "login_url", "logout_url"]
