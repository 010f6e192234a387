"""All commands: their help, their page in docs/, and how they end."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dam_inventory.cli.main import main, parser
from tests.starting import ROOT, clean_environment

COMMANDS = re.findall(r"^    (\w+) ", parser().format_help(), re.MULTILINE)
ASCII = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
PROGRAM = [sys.executable, "-W", "error", "-m", "dam_inventory"]


def helped(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def rows() -> dict[str, list[str]]:
    """Return what docs/commands.md says of each command: what it does, an example, exit codes."""
    page = (ROOT / "docs/commands.md").read_text("utf-8").partition("\n## ")[0]
    found = [line.strip("| ").split(" | ") for line in page.splitlines() if line[:3] == "| `"]
    return {name.strip("`"): rest for name, *rest in found}


def test_the_parser_has_all_commands():
    assert {"serve", "check", "import", "history", "token"} <= {*COMMANDS}
    assert [*rows()] == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_the_page_of_commands_says_what_the_parser_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
):
    monkeypatch.setenv("COLUMNS", "1000")
    what, example, codes = rows()[command]
    said = helped(command, capsys)

    assert said.splitlines()[-1] == f"Example: {example.strip('`')}"
    assert example.startswith(f"`python -m dam_inventory {command}")
    told = re.search(r"Exit codes: ([^.]*)\.", said)
    assert codes == (told[1] if told else "0, 1")
    assert re.search(rf"^    {command} +{re.escape(what)}$", parser().format_help(), re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_example_is_understood_by_the_parser(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = re.findall(r'"[^"]*"|\S+', rows()[command][1].strip("`"))

    options = parser().parse_args([one.strip('"') for one in words[3:]])

    assert callable(options.run)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_ascii(capsys: pytest.CaptureFixture[str], command: str):
    said = parser().format_help() if not command else helped(command, capsys)

    assert said.isascii()


@pytest.mark.slow
def test_help_and_output_work_where_the_terminal_knows_only_ascii(tmp_path: Path):
    for arguments in (["--help"], ["check", "--help"], ["check"]):
        ended = subprocess.run(
            [*PROGRAM, *arguments], cwd=tmp_path, env={**clean_environment(), **ASCII},
            capture_output=True, timeout=60,
        )  # fmt: skip

        assert ended.returncode == 0, ended.stderr
        assert ended.stdout.isascii()
        assert ended.stderr == b""


@pytest.mark.slow
def test_ctrl_c_ends_with_130_and_changes_nothing(tmp_path: Path):
    process = subprocess.Popen(
        [*PROGRAM, "import", "-"], cwd=tmp_path, env=clean_environment(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    # A pipe holds 64 kB: when all of it is written, the command reads.
    process.stdin.write(b"Dam Name\n" + b"Heron Lake\n" * 100_000)
    process.send_signal(signal.SIGINT)
    said, complained = process.communicate(timeout=60)

    assert process.returncode == 130
    assert said == b""
    assert complained.decode().splitlines()[-1] == "Stopped."
    assert b"Traceback" not in complained
    assert [*tmp_path.iterdir()] == []


def test_an_error_does_not_move_the_cursor_of_a_terminal(capsys: pytest.CaptureFixture[str]):
    assert main(["restore", "\x1b[2K\rnothing\u202e"]) == 1

    assert capsys.readouterr().err == (
        "\\x1b[2K\\rnothing\\u202e can't be restored: it does not exist.\n"
    )


def test_what_a_file_holds_does_not_move_the_cursor_of_a_terminal(
    capsys: pytest.CaptureFixture[str],
):
    header = "Dam Name,NID Height (Ft),\x1b[2JNotes\n"
    Path("dams.csv").write_text(f"{header}Heron Lake,\x1b[2Jtall,a\n", "utf-8")
    assert main(["import", "dams.csv", "--dry-run"]) == 0

    printed = capsys.readouterr()
    assert "\x1b" not in printed.out + printed.err
    assert "is left unknown" in printed.err
