"""What deploy/ says to other programs; nginx itself is tried in tests/ui/test_behind_nginx.py."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from bokeh.settings import settings as bokeh_settings
from panel.command.serve import Serve

from dam_inventory.config.settings import PREFIX, Settings

DEPLOY = Path(__file__).parent.parent / "deploy"
UNIT = DEPLOY / "dam-inventory@.service"
ELSEWHERE = {"PANEL_COOKIE_SECRET", "POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def variables_of_systemd() -> dict[str, str]:
    lines = (DEPLOY / "dam-inventory.env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def options_of_systemd() -> list[str]:
    command = re.search(r"^ExecStart=((?:.*\\\n)*.*)", UNIT.read_text("utf-8"), re.MULTILINE)
    assert command
    return command[1].replace("\\\n", " ").replace("%i", "5006").split()


def options_of_docker() -> list[str]:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    return re.findall(r'"([^"]*)"', text.partition("\nCMD ")[2])


def test_every_variable_is_one_that_somebody_reads(compose: dict[str, Any]):
    named = set(variables_of_systemd())
    for service in compose["services"].values():
        named |= set(service.get("environment", {}))

    known = {PREFIX + field.upper() for field in Settings.fields()} | ELSEWHERE
    known |= {one.env_var for one in vars(type(bokeh_settings)).values() if hasattr(one, "env_var")}
    assert named - known == set()


def test_the_values_that_are_written_there_are_allowed(compose: dict[str, Any]):
    for variables in (variables_of_systemd(), compose["services"]["app1"]["environment"]):
        filled = {name: re.sub(r"\$\{.*?\}", "", value) for name, value in variables.items()}
        Settings.from_environment({k: v for k, v in filled.items() if k.startswith(PREFIX)})


@pytest.mark.parametrize("command", [options_of_systemd(), options_of_docker()])
def test_panel_knows_every_option(command: list[str]):
    parser = argparse.ArgumentParser()
    Serve(parser)

    program, serve, *options = command
    known = parser.parse_args(options)

    assert (Path(program).name, serve) == ("panel", "serve")
    assert known.files == ["dashboard.py"]
    assert known.plugins == ["dam_inventory.server.plugin"]
    assert (known.port, known.auth_module, known.use_xheaders) == (5006, "auth.py", True)
    # A page that was away for half a minute goes on where it was.
    assert known.unused_session_lifetime >= 60_000 <= 1000 * known.session_token_expiration


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


def test_the_image_is_made_of_files_that_there_are():
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    copied = [one for line in re.findall(r"^COPY (.*) \S+$", text, re.M) for one in line.split()]

    assert copied
    assert [one for one in copied if not (DEPLOY.parent / one).exists()] == []


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing: part of systemd"
)
def test_systemd_understands_the_unit(tmp_path: Path):
    program = options_of_systemd()[0]
    unit = tmp_path / "dam-inventory@5006.service"
    unit.write_text(UNIT.read_text("utf-8").replace(program, "/bin/true"), "utf-8")

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")
