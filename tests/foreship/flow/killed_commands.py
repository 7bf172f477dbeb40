"""Commands in forks of one process that meet harm at a file event inside a folder, or later.

A child process imports everything once and forks for each command, so that a kill costs the
command alone. An audit hook in the fork counts the file events inside the workspace that change
something, and kills before the one asked for: between two of them the disk stays as it is, so that
reading is no event. Those inside Arrow's own writer are met by the random moments. Instead of a
kill the event may meet a request to end (`stop`), or from then on a disk that is full (`full`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

SERVER = """
import errno, os, signal, sys, time
sys.path.insert(0, {root!r})
import foreship_forecast.learning.fitting, foreship_optimize.planning
import foreship.reading.comparing.compare, foreship.reading.explaining.explanation
import foreship.reports.plan_page, foreship.reports.workbook, foreship.samples.synthetic.sample
import foreship.jobs.weekly, foreship.cli.commands
from foreship.__main__ import main

inside, fatal, seen, how = "", 0, 0, "kill"

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGING = ("os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink",
            "os.truncate", "os.utime", "shutil.")

GROWING = ("open", "os.link", "os.mkdir", "os.symlink", "shutil.copy")

def harm_at(event, arguments):
    global seen
    changes = arguments[2] & WRITING if event == "open" else event.startswith(CHANGING)
    if not inside or not changes:
        return
    if arguments and inside in os.fsdecode(arguments[0] if isinstance(arguments[0], (str, bytes))
                                           else str(arguments[0])):
        seen += 1
        if seen == fatal and how != "full":
            os.kill(os.getpid(), signal.SIGKILL if how == "kill" else signal.SIGTERM)
        if 0 < fatal <= seen and how == "full" and event.startswith(GROWING):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

sys.addaudithook(harm_at)
for line in sys.stdin:
    folder, asked, delay, how, said, *words = line.split()
    pid = os.fork()
    if pid == 0:
        silent = os.open(os.devnull, os.O_WRONLY)
        heard = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(heard, 1), os.dup2(silent, 2)
        inside, fatal = folder, int(asked)
        sys.argv = ["foreship", *words]
        code = 1
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            os._exit(code)
    if float(delay):
        time.sleep(float(delay))
        os.kill(pid, signal.SIGKILL)
    status = os.waitpid(pid, 0)[1]
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


class Commands:
    """A process that runs commands in forks of itself."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER.format(root=str(ROOT))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        inside: Path,
        *words: object,
        event: int = 0,
        delay: float = 0.0,
        how: str = "kill",
        said: str | Path = os.devnull,
    ) -> int:
        """Run a command; return its exit code, or minus the signal that ended it.

        `said` is the file that takes what it writes to stdout.
        """
        line = " ".join(map(str, (inside, event, delay, how, said, *words)))
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its bytes, but for the private `.foreship/`."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] != ".foreship"
    }
