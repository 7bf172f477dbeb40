"""One name in the ecosystem: what is installed begins with foreship, strangers disturb nothing."""

from __future__ import annotations

import builtins
import os
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

import foreship
from foreship.installation import PACKAGES

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str | Path, cwd: Path | None = None, **env: str) -> str:
    """Run a command to its end and return what it printed."""
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **env}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel once."""
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out, cwd=ROOT)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install it, without what it needs, into an environment of its own."""
    home = tmp_path_factory.mktemp("environment") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", home)
    install(home / "bin" / "python", wheel)
    return home / "bin" / "python"


def install(python: Path, wheel: Path) -> None:
    """Install a wheel alone."""
    run(sys.executable, "-m", "pip", "-q", "--python", python, "install", "--no-deps",
        "--no-index", wheel)  # fmt: skip


def where_from(python: Path, cwd: Path) -> list[str]:
    """Return where each of our packages would be loaded from."""
    code = f"from importlib.util import find_spec as f; print(*(f(p).origin for p in {PACKAGES}))"
    return run(python, "-c", code, cwd=cwd, PYTHONPATH="").split()


def test_every_top_level_name_of_the_wheel_begins_with_foreship(wheel: Path) -> None:
    """Nobody else's `forecast` or `optimize` is taken; each package says it is typed."""
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == set(PACKAGES)
    assert {f"{package}/py.typed" for package in PACKAGES} <= set(names)
    assert {"foreship/reports/page.css", "foreship/__init__.pyi"} <= set(names)


def test_files_called_forecast_and_optimize_disturb_nothing(tmp_path: Path) -> None:
    """A `forecast.py` and an `optimize.py` in the working directory are not looked at."""
    for name in ("forecast", "optimize", "foundation"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('not this one')\n")
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('nor this one')\n")
    said = run(sys.executable, "-c", "import foreship; foreship.run, foreship.open; print(1)",
               cwd=tmp_path)  # fmt: skip
    assert said == "1\n"
    assert "lead_time_days" in run(sys.executable, "-m", "foreship", "schema", cwd=tmp_path)


@pytest.mark.sweep
def test_a_stranger_that_ships_forecast_leaves_us_whole(python: Path, tmp_path: Path) -> None:
    """Another distribution with `forecast/` may come and go."""
    before = where_from(python, tmp_path)
    assert all("site-packages" in path for path in before)
    other = tmp_path / "other_forecast-1.0-py3-none-any.whl"
    about = "Metadata-Version: 2.1\nName: other-forecast\nVersion: 1.0\n"
    form = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("forecast/__init__.py", "")
        archive.writestr("optimize/__init__.py", "")
        archive.writestr("other_forecast-1.0.dist-info/METADATA", about)
        archive.writestr("other_forecast-1.0.dist-info/WHEEL", form)
        archive.writestr(
            "other_forecast-1.0.dist-info/RECORD",
            "forecast/__init__.py,,\noptimize/__init__.py,,\nother_forecast-1.0.dist-info/METADATA,,\n"
            "other_forecast-1.0.dist-info/WHEEL,,\nother_forecast-1.0.dist-info/RECORD,,\n",
        )
    install(python, other)
    run(sys.executable, "-m", "pip", "-q", "--python", python, "uninstall", "-y", "other-forecast")
    assert where_from(python, tmp_path) == before
    assert all(Path(path).exists() for path in before)


def test_a_star_import_keeps_the_builtins() -> None:
    """`from foreship import *` shadows nothing of Python's own; `foreship.open` is there."""
    assert not set(foreship.__all__) & set(dir(builtins))
    assert callable(foreship.open)


def test_completion_shows_the_public_names_and_nothing_else() -> None:
    """`dir` of a package lists what one may use; the version is that of the distribution."""
    import foreship_forecast
    import foreship_optimize

    assert set(dir(foreship)) == {*foreship.__all__, "open"}
    assert dir(foreship_forecast) == sorted(foreship_forecast.__all__)
    assert dir(foreship_optimize) == sorted(foreship_optimize.__all__)
    assert foreship.__version__ == metadata.version("foreship")
