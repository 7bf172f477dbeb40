"""The words in the repository are true: README, docs and code say the same."""

from __future__ import annotations

import doctest
import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from foreship.cli.commands import app
from foreship.exit_codes import EXIT_CODES

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
HOME = "https://github.com/foreship/foreship"
SITE = "https://foreship.github.io/foreship"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")])
CODE = [
    path
    for room in ("forecast", "foundation", "foreship", "optimize")
    for path in (ROOT / room).rglob("*.py")
]


TINY = ROOT / "data" / "tiny"
RUN = re.compile(r"\b[0-9a-f]{10}\b")
RE = re.DOTALL | re.MULTILINE
FILES = re.compile(r"```\w+ title=\"([\w.]+)\"\n(.*?)```", RE)
"""what a page shows as a file of that name"""
EQUATIONS = {"forecast", "value", "program", "replay"}


def test_readme_sets_everything_up_in_two_lines() -> None:
    """The first block has two lines: one runs the main job, one the tests."""
    said = subprocess.run(
        [sys.executable, ROOT / ".ci" / "readme.py", README],
        capture_output=True,
        text=True,
        check=True,
    )
    job, tests = said.stdout.strip().splitlines()
    assert "foreship run data/tiny" in job
    assert "pytest" in tests


def test_figures_of_jobs_and_clusters_are_measured() -> None:
    """Every number of those sentences stands in a row of the benchmark that measured it."""
    text = README.read_text("utf-8")
    said = text[text.index("- **Jobs.**") : text.index("- **Where it loses.**")]
    tables = (
        *(f"job/results{each}.csv" for each in ("", "_cells", "_stages")),
        "cluster/results.csv",
    )
    found = {
        cell
        for name in tables
        for line in (ROOT / "benchmarks" / name).read_text("utf-8").splitlines()
        for cell in line.split(",")
    }
    figures = [each.replace(",", "") for each in re.findall(r"\d[\d,]*\.?\d*\b", said)]
    assert len(figures) > 10
    assert [each for each in figures if each not in found] == []


def test_readme_names_every_command() -> None:
    """Every command of the program is in the README."""
    text = README.read_text("utf-8")
    names = [each.name for each in app.registered_commands]
    assert len(names) == 20
    missing = [name for name in names if f"foreship {name}" not in text]
    assert missing == []


def test_readme_lists_every_exit_code_in_our_words() -> None:
    """The README's exit codes are those of the program, with the same words."""
    text = README.read_text("utf-8")
    missing = [code for code, words in EXIT_CODES.items() if f"| {code} | {words} |" not in text]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of every page leads to a file."""
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    local = [each for each in targets if "://" not in each and not each.startswith("mailto:")]
    assert [each for each in local if not (page.parent / each).exists()] == []


def test_pages_name_only_files_that_exist() -> None:
    """Paths of our own code and docs that a page quotes are there."""
    quoted = re.compile(
        r"`((?:forecast|foundation|optimize|foreship|docs|benchmarks|data|tests)/[\w./-]+)`"
    )
    missing = {
        (page.name, path)
        for page in PAGES
        for path in quoted.findall(page.read_text("utf-8"))
        if not (ROOT / path.rstrip("/")).exists()
    }
    assert missing == set()


@pytest.mark.parametrize("page", ["forecast", "value", "program", "replay"])
def test_equations_named_by_the_code_are_in_the_docs(page: str) -> None:
    """Each equation number that a file citing only this page names stands on it."""
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    known = {int(a or b) for a, b in re.findall(r"\((\d+)\)|\\tag\{(\d+)\}", text)}
    cited: dict[str, set[int]] = {}
    for path in CODE:
        code = path.read_text("utf-8")
        if set(re.findall(r"docs/(\w+)\.md", code)) & EQUATIONS == {page}:
            found = re.findall(r"(?:[Ee]quations?|eqs?\.) ((?:\d+(?:, | and |-)?)+)", code)
            cited[path.name] = {
                int(number) for each in found for number in re.findall(r"\d+", each)
            }
    assert {name: numbers - known for name, numbers in cited.items() if numbers - known} == {}
    assert set().union(*cited.values())


def test_home_is_the_same_everywhere() -> None:
    """Package, site and repository name one home and one address of the documentation."""
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    site = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert urls["Homepage"] == urls["Source"] == HOME
    assert urls["Documentation"] == SITE
    assert f"repo_url: {HOME}\n" in site
    assert f"site_url: {SITE}\n" in site


def test_links_of_the_readme_hold_on_a_package_index() -> None:
    """What the build makes of the README has absolute links only, each to a file of ours."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    text = README.read_text("utf-8")
    hook = project["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]
    for each in hook["substitutions"]:
        text = re.sub(each["pattern"], each["replacement"], text)
    links = re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text)
    found = [link or picture for link, picture in links]
    raw = "https://raw.githubusercontent.com/foreship/foreship/main/"
    ours = [each for each in found if each.startswith((f"{HOME}/blob/main/", raw))]
    assert len(ours) > 5
    assert [each for each in found if not each.startswith("https://")] == []
    paths = [each.removeprefix(f"{HOME}/blob/main/").removeprefix(raw) for each in ours]
    assert [each for each in paths if not (ROOT / each.partition("#")[0]).exists()] == []


TUTORIALS = [
    pytest.param(f"docs/tutorials/{name}.md", marks=pytest.mark.sweep)
    for name in ("first-plan", "the-planners-week")
]


@pytest.mark.parametrize("page", ["README.md", *TUTORIALS])
def test_pages_show_what_the_program_says(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command shown with its output gives that output; `...` stands for lines left out.

    Files that a page shows by name are there. The picture of a review is cut out of its page.
    """
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.findall((ROOT / page).read_text("utf-8")):
        Path(name).write_text(text, "utf-8")
    shutil.copytree(TINY, Path("data/tiny"), ignore=shutil.ignore_patterns("runs", ".foreship"))
    compare, run = doctest.OutputChecker().check_output, ""
    shown = list(_console(ROOT / page))
    assert len(shown) >= 2
    for command, words in shown:
        said = _said(shlex.split(RUN.sub(run, command)))
        run = next(iter(RUN.findall(said)), run)
        want, got = (RUN.sub("RUN", each) for each in (words, said))
        assert compare(want, got, doctest.ELLIPSIS), f"{command}\n{said}"
    if Path("review.html").exists():
        drawn = _making("review").draw(Path("review.html").read_text("utf-8"))
        picture = (ROOT / "docs" / "assets" / "review.svg").read_text("utf-8")
        assert RUN.sub("RUN", drawn) == RUN.sub("RUN", picture)


def _said(words: list[str]) -> str:
    """Run a command of a page, or a script that the page names; return what it says."""
    if words[0] == "python":
        script = [sys.executable, str(ROOT / words[1]), *words[2:]]
        return subprocess.run(script, capture_output=True, check=True, text=True).stdout
    return CliRunner().invoke(app, words[1:]).output


def _console(page: Path) -> Iterator[tuple[str, str]]:
    """Yield each command of a page's consoles that is shown with output, and that output."""
    for block in re.findall(r"```console\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, words = part.partition("\n")
            if words.strip():
                yield command, words.rstrip() + "\n"


@pytest.mark.sweep
def test_the_picture_is_drawn_from_the_sample(tmp_path: Path) -> None:
    """The README's picture and the map of its page are what their script draws of today's plan."""
    picture = _making("picture")
    run = picture.run_of_tiny(tmp_path / "tiny")
    assert picture.draw(run) == (ROOT / "docs" / "assets" / "picture.svg").read_text("utf-8")
    page = (run.path / "report.html").read_text("utf-8")
    assert picture.map_of(page) == (ROOT / "docs" / "assets" / "map.svg").read_text("utf-8")


def test_the_picture_of_the_week_is_drawn_by_its_script() -> None:
    """Its steps are those of the script, and each command in it is one of the program."""
    week = _making("week")
    assert week.draw() == (ROOT / "docs" / "assets" / "week.svg").read_text("utf-8")
    said = {word for _, text in week.STEPS for word in re.findall(r"(?<!-)\b[a-z]+\b", text)}
    names = {each.name for each in app.registered_commands}
    assert said - {"edits", "set"} <= names


def test_the_page_of_commands_and_help_agree() -> None:
    """Page and `--help` name the same options with the same sentences."""
    commands = _making("commands")
    sections = dict(re.findall(r"^## foreship (\w+)\n(.*?)(?=^## )", commands.commands_page(), RE))
    shared = {"--json", "--quiet", "--verbose", "--log-format", "--help"}
    assert list(sections) == [each.name for each in app.registered_commands]
    for name, section in sections.items():
        said = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200"}).output
        options = set(re.findall(r"--[a-z][a-z-]+", said)) - shared
        assert set(re.findall(r"`(--[a-z-]+)`", section)) == options, name
        meanings = re.findall(r"\| ([^|]+) \|$", section, re.MULTILINE)
        plain = " ".join(said.split())
        told = [each for each in meanings if each not in {"meaning", "---"}]
        assert [each for each in told if each not in plain] == [], name


def _making(name: str) -> ModuleType:
    """Load a module that makes pages of the site."""
    path = ROOT / "docs" / "making" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"making_{name}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_nothing_in_the_forecast_room_reads_the_truth() -> None:
    """The simulator's truth is for judges: no forecast file mentions it."""
    readers = [
        path.name
        for path in (ROOT / "forecast").rglob("*.py")
        if re.search(r"truth(/|_paths|_purchase)", path.read_text())
    ]
    assert readers == []


def test_no_pickle_anywhere() -> None:
    """Models and tables are text, JSON and Parquet: nothing that runs code when read."""
    users = [str(path) for path in CODE if re.search(r"\b(pickle|joblib)\b", path.read_text())]
    assert users == []
