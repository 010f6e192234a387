"""The pages of docs/ and the README: what they link to, name and show is there, and works."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dam_inventory.cli.main import parser
from dam_inventory.config.settings import PREFIX, Settings
from tests.pages import DOCS, blocks
from tests.starting import ROOT, clean_environment

PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    ROOT / "benchmarks/README.md",
    *sorted(DOCS.glob("*.md")),
]
RUN_ELSEWHERE = {"api.md": "test_api_page.py", "notebooks.md": "guide.py"}
"""Pages whose Python is run by tests of their own."""

OTHER_VARIABLES = {"COLOUR"}
"""Endings of variables that are named because they are no settings."""

COMMANDS = re.findall(r"^    (\w+) ", parser().format_help(), re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
COMMAND = r"(?:python -m dam_inventory|dam-inventory) (?=[a-z])"
LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "srcset"}


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$|`[^`]*`", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Return the anchors that the repository page makes of the headings of a page."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


def commands(page: Path) -> Iterator[str]:
    """Yield our own commands of a page: whole lines, and what stands between backticks."""
    text = page.read_text("utf-8").replace("\\\n", " ")
    for code in re.findall(rf"^ *(?:[.\w/]*/)?({COMMAND}.*)$", text, re.MULTILINE):
        if "`" not in code:
            yield re.split(r" {2,}| [#|>]", code)[0]
    yield from (" ".join(code.split()) for code in re.findall(rf"`({COMMAND}[^`]*)`", text))


def exit_code(words: list[str]) -> object:
    """Return 0 if the parser understands the words of a command."""
    try:
        parser().parse_args(words)
    except SystemExit as ended:
        return ended.code
    return 0


def named(pattern: str) -> dict[str, str]:
    """Return what matches a pattern in any page, each with one of the pages."""
    return {
        one: page.name for page in PAGES for one in re.findall(pattern, page.read_text("utf-8"))
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_on_the_repository_page_lead_to_something(page: Path):
    for path, anchor in LINK.findall(without_code(page.read_text("utf-8"))):
        if ":" in path:
            continue
        linked = page.parent / path if path else page
        assert linked.exists(), path
        assert not anchor or anchor in anchors(linked), f"{path}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_parser_understands_every_command(page: Path):
    for command in commands(page):
        words = shlex.split(command.partition(" -m dam_inventory ")[2] or command)
        words = words[1:] if words[0] == "dam-inventory" else words
        if words in [[name] for name in COMMANDS]:  # a sentence that names the command
            continue
        assert exit_code(words) == 0, command


def test_commands_are_found():
    assert "python -m dam_inventory serve --open" in commands(ROOT / "README.md")
    assert "python -m dam_inventory import --update FILE" in commands(DOCS / "importing.md")
    assert len([one for page in PAGES for one in commands(page)]) > 40


def test_every_variable_is_a_setting():
    known = {name.upper() for name in Settings.fields()} | OTHER_VARIABLES

    assert {
        name: page for name, page in named(rf"{PREFIX}(\w+)").items() if name not in known
    } == {}


def test_every_target_of_make_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    found = named(r"(?:`|^    )make ([a-z-]+)") | {"serve": "README.md"}

    assert {name: page for name, page in found.items() if name not in targets} == {}


def test_every_extra_exists():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {one for names in named(r"dam-inventory\[([\w,]+)\]") for one in names.split(",")}

    assert "formats" in extras
    assert extras <= set(project["optional-dependencies"])


@pytest.mark.slow
@pytest.mark.parametrize("page", [page.name for page in PAGES if page.parent == DOCS])
def test_python_of_a_page_runs(page: str, tmp_path: Path):
    found = [code for codes in blocks(page, "python").values() for code in codes]
    if page in RUN_ELSEWHERE:
        assert f'PAGE = "{page}"' in (ROOT / "tests" / RUN_ELSEWHERE[page]).read_text("utf-8")
        return
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(found)], cwd=tmp_path,
        env={**clean_environment(), "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr


def test_the_way_of_a_dam_leads_through_files_that_are_there():
    picture = (DOCS / "way-of-a-dam.svg").read_text("utf-8")
    steps = re.findall(r'class="name"[^>]*>([^<]+)<.*\n.*class="file"[^>]*>([^<]+)<', picture)

    assert len(steps) == 10
    for name, file in steps:
        path = ROOT / "dam_inventory" / file
        text = "" if path.is_dir() else path.read_text("utf-8")
        assert path.exists(), file
        assert path.is_dir() or re.search(rf"(class|def) {name.split('.')[0]}\b", text), name


class Loaded(HTMLParser):
    """Collects the addresses that a browser loads by itself with a page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        address = dict(attributes).get(LOADED.get(tag, ""))
        if address:
            self.addresses.append(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it; a warning is an error."""
    [line] = re.findall(r"-m (sphinx .*)", (ROOT / "Makefile").read_text("utf-8"))
    built = tmp_path_factory.mktemp("site")
    words = line.replace("$(ARGS) ", "").replace("build/docs", str(built)).split()
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, env=clean_environment(),
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return built


@pytest.mark.slow
def test_the_site_has_every_page_and_a_sidebar(site: Path):
    front = (site / "index.html").read_text("utf-8")
    sidebar = front.partition('class="sidebar-tree"')[2].partition("</aside>")[0]

    for page in DOCS.glob("*.md"):
        assert (site / f"{page.stem}.html").exists()
        assert page.stem == "index" or f'href="{page.stem}.html"' in sidebar


@pytest.mark.slow
def test_the_site_needs_no_other_host(site: Path):
    addresses = [one for page in site.glob("*.html") for one in Loaded(page).addresses]
    styles = [one.read_text("utf-8") for one in site.rglob("*.css")]
    pictures = [one.read_text("utf-8") for one in site.rglob("*.svg")]
    outside = re.compile(r"""(?:url\(|@import|href=)\s*["']?(?:https?:)?//\S*""")

    assert any(one.endswith("explore.png") for one in addresses)
    assert [one for one in addresses if re.match(r"(\w+:)?//", one)] == []
    assert [one for text in styles + pictures for one in outside.findall(text)] == []


@pytest.mark.slow
def test_the_site_names_no_place_on_this_machine(site: Path):
    texts = [page.read_text("utf-8") for page in (*site.rglob("*.html"), *site.rglob("*.js"))]

    assert [text for text in texts if str(ROOT) in text] == []
