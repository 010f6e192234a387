"""The settings and the compose file of deploy/.

What else is there: the unit in test_systemd_unit.py, the image in test_image.py, nginx in
test_nginx.py and ui/test_behind_nginx.py.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from bokeh.settings import settings as bokeh_settings

from dam_inventory.cli.main import parser
from dam_inventory.config.settings import PREFIX, Settings
from tests import composed
from tests.dockerfile import instructions
from tests.starting import ROOT

DEPLOY = ROOT / "deploy"
SYSTEMD, COMPOSE = (
    composed.env_file(DEPLOY / name) for name in ("dam-inventory.env", "compose.env")
)
FILLED = {**COMPOSE, "POSTGRES_PASSWORD": "a@b", "FIRST_PASSWORD": "correct horse"}
ELSEWHERE = {"PANEL_COOKIE_SECRET", "POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"}
ELSEWHERE |= {"PGPASSWORD", "FIRST_NAME", "FIRST_PASSWORD"}


@pytest.fixture
def compose() -> dict[str, Any]:
    return composed.compose(FILLED)


def test_every_variable_is_one_that_somebody_reads(compose: dict[str, Any]):
    named = set(SYSTEMD)
    for service in compose["services"].values():
        named |= set(service.get("environment", {}))

    known = {PREFIX + field.upper() for field in Settings.fields()} | ELSEWHERE
    known |= {one.env_var for one in vars(type(bokeh_settings)).values() if hasattr(one, "env_var")}
    assert named - known == set()


def test_the_values_that_are_written_there_are_allowed(compose: dict[str, Any]):
    for variables in (SYSTEMD, compose["services"]["app1"]["environment"]):
        Settings.from_environment({k: v for k, v in variables.items() if k.startswith(PREFIX)})


def test_each_variable_of_compose_is_in_the_file_that_is_filled_in():
    used = composed.names()

    assert set(used) == set(COMPOSE)
    assert {name for name, operator in used.items() if operator == "?"} == {
        *("ORIGIN", "POSTGRES_PASSWORD", "FIRST_PASSWORD")
    }
    assert "" not in used.values()


@pytest.mark.parametrize("name", ["ORIGIN", "POSTGRES_PASSWORD", "FIRST_PASSWORD"])
def test_compose_does_not_start_without_what_nobody_can_guess(name: str):
    with pytest.raises(KeyError, match=name):
        composed.compose({**FILLED, name: ""})


def test_a_password_stands_in_no_url(compose: dict[str, Any]):
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            assert "a@b" not in value or value == "a@b", (name, variable)


def test_git_ignores_the_file_with_the_passwords():
    assert "/deploy/.env" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_compose_and_its_image_agree(compose: dict[str, Any]):
    image = dict(instructions((DEPLOY / "Dockerfile").read_text("utf-8")))
    app = compose["services"]["app1"]

    assert app == compose["services"]["app2"]
    assert [one.split(":")[1] for one in app["volumes"]] == [image["VOLUME"]]
    assert image["ENTRYPOINT"] == '["dam-inventory"]'
    options = parser().parse_args(app["command"])
    assert (str(options.port), options.address) == (image["EXPOSE"], "0.0.0.0")
    assert options.login
    assert options.use_xheaders
    # Whoever publishes the port of the image has no nginx that replaces these headers.
    assert "--use-xheaders" not in image["CMD"]


def test_all_wait_for_what_they_need(compose: dict[str, Any]):
    services = compose["services"]

    assert services["app1"]["depends_on"] == {
        "database": {"condition": "service_healthy"},
        "first-person": {"condition": "service_completed_successfully"},
    }
    assert set(services["nginx"]["depends_on"]) == {"app1", "app2"}
    assert services["first-person"]["depends_on"] == {}
    assert services["first-person"]["restart"] == "no"


def test_compose_names_only_what_there_is(compose: dict[str, Any]):
    services = compose["services"]

    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            there = (DEPLOY / source).is_file() if "/" in source else source in compose["volumes"]
            assert there, volume
    upstream = (DEPLOY / "nginx/compose-processes.conf").read_text("utf-8")
    hosts = re.findall(r"server (\w+):5006 ", upstream)
    assert hosts == [name for name in services if name.startswith("app")]


def test_each_log_of_compose_is_bounded(compose: dict[str, Any]):
    for name, service in compose["services"].items():
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}, name
