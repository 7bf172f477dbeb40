"""An image without a builder: the steps of its recipe, on a view of this machine of one's own.

What a step writes lies in a folder apart (overlayfs): the machine is seen by it and never changed.
Its interpreter, in a fresh environment, stands for that of the base image. It takes the rights of
root.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

__all__ = ["Image", "image_of", "steps_of"]

BASE = "/opt/base"
"""environment whose `python` and `pip` stand for those of the base image"""
ENTERING = """
mount -t overlay overlay -o "lowerdir=/,upperdir=$UPPER,workdir=$WORK" "$ROOT" &&
mount --rbind /proc "$ROOT/proc" && mount --rbind /dev "$ROOT/dev" &&
if [ -n "$SHOP" ]; then
    mkdir -p "$ROOT/shop" && mount --bind "$SHOP" "$ROOT/shop" &&
    mount -o remount,bind,ro "$ROOT/shop"
fi &&
exec chroot $AS "$ROOT" sh -c 'cd "$0" && exec "$@"' "$PLACE" "$@"
"""
LEFT_AT_HOME = (".*", "__pycache__")


def steps_of(text: str) -> list[tuple[str, str]]:
    """Return the steps of a recipe, each with its words; comments are none."""
    plain = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    return re.findall(r"^([A-Z]+) +(.*)$", re.sub(r"\\\n\s*", " ", plain), re.MULTILINE)


@dataclass
class Image:
    """What the steps so far have made of the view."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    user: str = ""
    place: str = "/"
    entry: list[str] = field(default_factory=list)

    def taken(self, context: Path, kind: str, words: str) -> None:
        """Take one step."""
        if kind == "RUN":
            self.done(["sh", "-c", words])
        elif kind == "COPY":
            source, target = words.split()
            kept = shutil.ignore_patterns(*LEFT_AT_HOME)
            shutil.copytree(context / source, self.inside(target), ignore=kept)
        elif kind == "ENV":
            self.environment |= dict(each.split("=", 1) for each in words.split())
        elif kind == "USER":
            self.user = words
        elif kind == "WORKDIR":
            self.place = words
        elif kind == "ENTRYPOINT":
            self.entry = json.loads(words)
        else:
            assert kind in ("FROM", "VOLUME", "STOPSIGNAL"), f"nobody knows how to take {kind}"

    def run(self, words: Sequence[str], shop: Path) -> subprocess.CompletedProcess[str]:
        """Start what the image is for, with a shop that can only be read at /shop."""
        return self._entered([*self.entry, *words], {"SHOP": str(shop)})

    def done(self, words: Sequence[str]) -> None:
        """Run a command as the user of the moment; fail the test if it fails."""
        ended = self._entered(words, {})
        assert ended.returncode == 0, f"{words}: {ended.stdout[-2000:]}{ended.stderr[-2000:]}"

    def inside(self, path: str) -> Path:
        """Return where a place of the image lies, as far as a step has written it."""
        return self.folder / "upper" / path.lstrip("/")

    def _entered(
        self, words: Sequence[str], more: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside a view that is mounted for it alone."""
        places = {"UPPER": "upper", "WORK": "work", "ROOT": "root"}
        mine = {name: str(self.folder / each) for name, each in places.items()}
        as_user = {"AS": f"--userspec={self.user}"} if self.user else {"AS": ""}
        outside = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        path = {"PATH": f"{BASE}/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/nonexistent"}
        given = outside | path | self.environment | mine | as_user
        return subprocess.run(
            ["unshare", "--mount", "sh", "-c", ENTERING, "sh", *words],
            env=given | {"PLACE": self.place, "SHOP": ""} | more,
            capture_output=True,
            text=True,
            check=False,
        )


@contextlib.contextmanager
def image_of(recipe: Path, context: Path) -> Iterator[Image]:
    """Take all steps of a recipe; skip the test where no such view can be opened."""
    # a view cannot lie in what it looks at through another view, nor in pytest's closed folders
    with tempfile.TemporaryDirectory(prefix="foreship-image-") as scratch:
        image = Image(Path(scratch))
        image.folder.chmod(0o755)
        for name in ("upper", "work", "root"):
            (image.folder / name).mkdir()
        if os.geteuid() or image._entered(["true"], {}).returncode:
            pytest.skip("no view of this machine can be opened: overlayfs, and the rights of root")
        # whoever runs the job must reach this interpreter, wherever it is installed
        for each in Path(sys.base_prefix).parents:
            image.done(["chmod", "o+x", str(each)])
        image.done([sys.executable, "-m", "venv", BASE])
        for kind, words in steps_of(recipe.read_text("utf-8")):
            image.taken(context, kind, words)
        yield image
