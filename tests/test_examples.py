"""What lies in examples/ works: the script, the units of systemd, the DAG, the image's recipe."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import typer

from foreship.cli.commands import app
from foreship.exit_codes import DONE, EXIT_CODES
from tests.servers.image import image_of

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
STUB = """#!{python}
import json, os, sys
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\\n")
if sys.argv[1] == "run":
    print(json.dumps({{"run": os.environ["RUN"], "error": {{"message": "no", "remedy": "mend"}}}}))
    sys.exit(int(os.environ["CODE"]))
"""


def commands_in(text: str) -> list[list[str]]:
    """Return the words behind each `foreship COMMAND` of an example."""
    flat = re.sub(r'\\\n\s*|[",\[\]]', " ", text)
    found = re.findall(r"(?:\bforeship|FORESHIP) +((?:run|clean|plan)\b[^\n)]*)", flat)
    return [each.split() for each in found]


@pytest.mark.parametrize("name", ["plan-monday", "airflow_dag.py", "Containerfile"])
def test_examples_use_only_options_that_exist(name: str) -> None:
    """Each command and option in them is one of the program."""
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    used = commands_in((EXAMPLES / name).read_text("utf-8"))
    assert used
    for command, *words in used:
        options = {option for each in known[command].params for option in each.opts}
        assert {each for each in words if each.startswith("--")} <= options


def monday(folder: Path, code: int, **more: str) -> tuple[int, str, list[list[str]]]:
    """Run the script with a foreship that ends so; its exit code, its words, what it called."""
    (folder / "bin").mkdir()
    stub = folder / "bin" / "foreship"
    stub.write_text(STUB.format(python=sys.executable))
    stub.chmod(0o755)
    run = folder / "run"
    run.mkdir()
    (run / "plan.csv").write_text("lines")
    given = {
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "CALLS": str(folder / "calls"), "RUN": str(run), "CODE": str(code),
        "SHOP": "shop", "OUT": str(folder), "MONDAY": "2026-11-16", **more,
    }  # fmt: skip
    ended = subprocess.run(
        ["/bin/sh", EXAMPLES / "plan-monday"],
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    calls = [json.loads(each) for each in (folder / "calls").read_text().splitlines()]
    return ended.returncode, ended.stderr, calls


def test_the_script_hands_a_plan_over_whole_and_cleans(tmp_path: Path) -> None:
    """Nothing but the plan lies in the warehouse's folder."""
    (tmp_path / "in").mkdir()
    code, said, calls = monday(tmp_path, 0, HAND_OVER=str(tmp_path / "in"))
    assert (code, said) == (0, "")
    assert [each.name for each in (tmp_path / "in").iterdir()] == ["plan-2026-11-16.csv"]
    assert [each[0] for each in calls] == ["run", "clean"]


def test_the_script_says_when_the_plan_could_not_be_handed_over(tmp_path: Path) -> None:
    """A folder that is not there is exit 8, not a night that went well."""
    code, said, _ = monday(tmp_path, 0, HAND_OVER=str(tmp_path / "nowhere"))
    assert code == 8 and "was not handed over" in said


@pytest.mark.parametrize("code", [3, 6, 143])
def test_the_script_passes_the_exit_code_on_and_tells_why(tmp_path: Path, code: int) -> None:
    """Nothing is handed over nor removed."""
    (tmp_path / "in").mkdir()
    ended, said, calls = monday(tmp_path, code, HAND_OVER=str(tmp_path / "in"))
    assert ended == code and "remedy" in said
    assert [each[0] for each in calls] == ["run"]
    assert list((tmp_path / "in").iterdir()) == []


def test_systemd_takes_timer_and_service(tmp_path: Path) -> None:
    """Checked by its own tool where it is installed; codes are those of the program."""
    text = (EXAMPLES / "foreship.service").read_text("utf-8")
    codes = re.findall(r"^(?:SuccessExitStatus|RestartPreventExitStatus)=(.*)$", text, re.MULTILINE)
    assert {int(code) for line in codes for code in line.split()} <= set(EXIT_CODES)
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    (tmp_path / "foreship.service").write_text(
        text.replace("/usr/local/bin/plan-monday", str(EXAMPLES / "plan-monday"))
    )
    shutil.copy(EXAMPLES / "foreship.timer", tmp_path)
    units = [tmp_path / "foreship.service", tmp_path / "foreship.timer"]
    said = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    assert (said.returncode, said.stderr) == (0, "")


class Failed(Exception):
    """Stands for Airflow's AirflowFailException."""


class Skipped(Exception):
    """Stands for Airflow's AirflowSkipException."""


PLACES = {2: ("airflow.decorators", "airflow.exceptions"),
          3: ("airflow.sdk", "airflow.sdk.exceptions")}  # fmt: skip
"""version of Airflow -> modules that the DAG asks for decorators and for exceptions"""


@pytest.fixture(params=PLACES)
def tasks(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Load the DAG on a stub of each Airflow; return its tasks by name."""
    found: dict[str, Any] = {}

    def task(function: Any) -> Any:
        found[function.__name__] = function
        return lambda *_: None

    where = PLACES[request.param]
    decorators, exceptions = map(ModuleType, where)
    decorators.dag = lambda **settings: found.update(settings) or (lambda function: function)
    decorators.task = task
    exceptions.AirflowFailException, exceptions.AirflowSkipException = Failed, Skipped
    monkeypatch.setitem(sys.modules, "airflow", ModuleType("airflow"))
    for name, module in zip(where, (decorators, exceptions), strict=True):
        monkeypatch.setitem(sys.modules, name, module)
    source = (EXAMPLES / "airflow_dag.py").read_text("utf-8")
    loaded: dict[str, Any] = {"__name__": "airflow_dag"}
    exec(compile(source, "airflow_dag.py", "exec"), loaded)
    return {**found, "names": loaded}


@pytest.mark.parametrize("code", EXIT_CODES)
def test_the_dag_retries_skips_and_fails_as_exit_codes_ask(
    code: int, tasks: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Done: the run; waiting: skipped; what may be better next time: retried; all else failed."""
    error = {} if code in DONE else {"error": {"message": "no", "remedy": "mend"}}
    answer = SimpleNamespace(stdout=json.dumps({"run": "a", **error}), stderr="", returncode=code)
    called: list[list[str]] = []
    monkeypatch.setattr(
        tasks["names"]["subprocess"], "run", lambda words, **_: called.append(words) or answer
    )
    day = tasks["names"]["datetime"](2026, 11, 18, 3)
    if code == 0:
        assert tasks["plan"](day) == "a"
    else:
        again = code in (5, 7, 8, 130, 143)
        with pytest.raises(Skipped if code == 6 else RuntimeError if again else Failed):
            tasks["plan"](day)
    assert called[0][called[0].index("--as-of") + 1] == "2026-11-16"
    assert tasks["max_active_runs"] == 1 and not tasks["catchup"]


AIRFLOW = "apache-airflow==3.3.2"
AIRFLOW_PYTHON = "FORESHIP_AIRFLOW_PYTHON"
"""variable that names the interpreter of an environment with Airflow; else one is made"""
SHIP = """#!/bin/sh
PYTHONPATH='{paths}' exec '{python}' -m foreship "$@"
"""


@pytest.fixture(scope="module")
def airflow_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an environment with Airflow and without foreship."""
    if given := os.environ.get(AIRFLOW_PYTHON):
        return Path(given)
    folder = tmp_path_factory.mktemp("airflow") / "environment"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", AIRFLOW], check=True)
    return python


def airflow_ended(python: Path, folder: Path, foreship: Path) -> tuple[int, str]:
    """Run the DAG once for a Wednesday, on a copy of the embedded shop; code and words."""
    for name in ("dags", "in", "out"):
        (folder / name).mkdir()
    shop = EXAMPLES.parent / "data" / "tiny"
    shutil.copytree(shop, folder / "shop", ignore=shutil.ignore_patterns("runs", ".foreship"))
    text = (EXAMPLES / "airflow_dag.py").read_text("utf-8")
    for of_theirs, of_ours in (
        ("/opt/foreship/bin/foreship", foreship),
        ("/srv/shop", folder / "shop"),
        ("/var/lib/foreship/shop", folder / "out"),
        ("/srv/warehouse/in", folder / "in"),
    ):
        assert f'"{of_theirs}"' in text
        text = text.replace(f'"{of_theirs}"', f'"{of_ours}"')
    (folder / "dags" / "airflow_dag.py").write_text(text)
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    own |= {"AIRFLOW_HOME": str(folder), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    own |= {"RUN": str(folder / "run"), "CODE": "6", "CALLS": str(folder / "calls")}
    said = ""
    for words in (["db", "migrate"], ["dags", "test", "anticipatory_shipping", "2026-11-18"]):
        ended = subprocess.run(
            [python, "-m", "airflow", *words], env=own, capture_output=True, text=True, check=False
        )
        said = ended.stdout + ended.stderr
    return ended.returncode, said


@pytest.mark.nightly
def test_airflow_runs_the_dag_in_its_own_environment(airflow_python: Path, tmp_path: Path) -> None:
    """The plan of the Monday before is made by foreship's environment and handed over whole."""
    ship, paths = tmp_path / "foreship", [*sys.path]
    ship.write_text(SHIP.format(python=sys.executable, paths=os.pathsep.join(filter(None, paths))))
    ship.chmod(0o755)
    code, said = airflow_ended(airflow_python, tmp_path, ship)
    assert code == 0, said
    old = [line for line in said.splitlines() if "deprecated" in line and "airflow_dag.py" in line]
    assert not old, "the DAG asks for what Airflow gives up"
    (run,) = (tmp_path / "out" / "runs").iterdir()
    assert run.name.startswith("2026-11-16-")
    assert (tmp_path / "in" / "plan.csv").read_bytes() == (run / "plan.csv").read_bytes()


@pytest.mark.nightly
def test_airflow_skips_what_waits_for_a_person(airflow_python: Path, tmp_path: Path) -> None:
    """Exit 6: nothing failed, nothing is handed over."""
    stub = tmp_path / "foreship"
    stub.write_text(STUB.format(python=sys.executable))
    stub.chmod(0o755)
    code, said = airflow_ended(airflow_python, tmp_path, stub)
    assert code == 0 and "waits for approval" in said, said
    assert list((tmp_path / "in").iterdir()) == []


def test_the_image_is_pinned_and_runs_as_nobody_special() -> None:
    """A base of one version, no root at the end, code compiled, caches that can be written."""
    text = (EXAMPLES / "Containerfile").read_text("utf-8")
    steps = re.findall(r"^([A-Z]+) (.*)$", text, re.MULTILINE)
    assert steps[0][0] == "FROM" and re.search(r":\d+\.\d+\.\d+-", steps[0][1])
    words = [step for step, _ in steps]
    users = [name for step, name in steps if step == "USER"]
    assert users[-1:] == ["foreship"] and words.index("USER") < words.index("ENTRYPOINT")
    assert "--compile" in text and "NUMBA_CACHE_DIR=/cache" in text
    assert "VOLUME" in words and dict(steps)["ENTRYPOINT"] == '["foreship"]'


@pytest.mark.nightly
def test_the_image_is_built_step_by_step_and_plans(tmp_path: Path) -> None:
    """Each step of its recipe works, and what its first lines say plans as nobody special.

    Where no builder is, the steps are taken on a view of this machine; its interpreter stands for
    that of the base image.
    """
    recipe, shop = EXAMPLES / "Containerfile", tmp_path / "shop"
    kept = shutil.ignore_patterns("runs", ".foreship", "truth")
    shutil.copytree(EXAMPLES.parent / "data" / "tiny", shop, ignore=kept)
    for each in (tmp_path, *tmp_path.parents):  # pytest's folders are closed to others
        if each.stat().st_uid == os.geteuid() and each != Path("/"):
            each.chmod(each.stat().st_mode | 0o055)
    before = sorted(each.name for each in shop.iterdir())
    usage = re.search(r"^# podman run .* foreship (run .*)$", recipe.read_text("utf-8"), re.M)
    assert usage is not None
    with image_of(recipe, EXAMPLES.parent) as image:
        ended = image.run(usage[1].split(), shop)
        assert ended.returncode == 0, ended.stderr
        run = json.loads(ended.stdout)["run"]
        assert run.startswith("/runs/runs/2026-11-16-")
        manifest = image.inside(f"{run}/manifest.json")
        assert manifest.is_file() and manifest.stat().st_uid == 10001
        assert list(image.inside("/cache/compiled").rglob("*.nbi"))
        assert not image.inside("/src").is_dir(), "the source is not left in the image"
    assert sorted(each.name for each in shop.iterdir()) == before
