"""A request to end is heeded at once, whatever runs, and by whoever runs first in a container."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
START = """
import os, signal, sys, threading, time
sys.path.insert(0, {root!r})
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # where the suite itself was told to ignore it
from foreship.cli.terminal import signals
from foreship.errors import Stopped
signals.GRACE = 0.2
{before}
signals.heed_signals()
try:
    {work}
except Stopped as stopped:
    print(stopped)
    sys.exit(143)
"""
DEAF = """
    while True:
        try:
            print("ready", flush=True)
            time.sleep(60)
        except (Stopped, KeyboardInterrupt):
            pass
"""
"""as compiled code is: it does not end when it is asked to"""


WITH_LAST_WORDS = "held = signals.last_words(speak); held.__enter__()"


def ended_by(
    *numbers: int, work: str = 'print("ready", flush=True); time.sleep(60)', before: str = ""
) -> tuple[int, str]:
    """Start the program, send it signals once it is ready; its exit code and what it said."""
    code = START.format(root=str(ROOT), work=work.strip(), before=before)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as program:
        try:
            assert program.stdout is not None
            assert program.stdout.readline() == "ready\n"
            for number in numbers:
                program.send_signal(number)
                time.sleep(0.05)
            said, _ = program.communicate(timeout=60)
        finally:
            program.kill()
    return program.returncode, said.replace("ready\n", "")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_request_to_end_is_exit_143_and_named(name: str) -> None:
    """It reaches the main thread as `Stopped`, which no `except Exception` swallows."""
    assert ended_by(getattr(signal, name)) == (143, f"{name}\n")


def test_who_does_not_end_is_ended() -> None:
    """Compiled code that hears nothing is ended after the time of grace."""
    assert ended_by(signal.SIGTERM, work=DEAF) == (143, "")


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((signal.SIGTERM,), "143 SIGTERM\n"),
        ((signal.SIGINT, signal.SIGINT), "130 SIGINT\n"),
    ],
)
def test_who_is_ended_has_the_last_word_said_for_it(numbers: tuple[int, ...], said: str) -> None:
    """The object of `--json` is there, too, when compiled code never comes back to say it."""
    before = f"speak = lambda code, name: print(code, name, flush=True)\n{WITH_LAST_WORDS}"
    code, heard = ended_by(*numbers, work=DEAF, before=before)
    assert (code, heard) == (int(said.split(maxsplit=1)[0]), said)


def test_a_second_interrupt_ends_what_the_first_did_not() -> None:
    """Ctrl-C keeps the best plan so far; who presses it again wants an end."""
    assert ended_by(signal.SIGINT, signal.SIGINT, work=DEAF) == (130, "")


def test_signals_that_the_parent_ignores_stay_ignored() -> None:
    """Under `nohup` a terminal that goes away does not stop the night."""
    before = "signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    code, said = ended_by(
        signal.SIGHUP,
        work='print("ready", flush=True); time.sleep(0.5); print("done")',
        before=before,
    )
    assert (code, said) == (0, "done\n")


@pytest.mark.sweep
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_what_comes_after_the_end_is_settled_changes_nothing(name: str) -> None:
    """Neither while the last words are said, nor while the interpreter goes."""
    said = 'signals.settle(0); print("ready", flush=True); time.sleep(0.2); print("done")'
    patient = "signals.GRACE = 60"
    assert ended_by(getattr(signal, name), work=said, before=patient) == (0, "done\n")
    going = """
import atexit
atexit.register(lambda: (print("ready", flush=True), time.sleep(0.2)))
signals.GRACE = 60"""
    ended = ended_by(getattr(signal, name), work="signals.settle(6); sys.exit(6)", before=going)
    assert ended == (6, "")


def test_who_hangs_after_its_end_was_settled_ends_with_that_code() -> None:
    """It has said so already, and no last word is said for it."""
    before = f"speak = lambda *_: print('too late', flush=True)\n{WITH_LAST_WORDS}"
    work = 'signals.settle(6); print("ready", flush=True); time.sleep(60)'
    assert ended_by(signal.SIGTERM, work=work, before=before) == (6, "")


def test_who_was_cut_off_settles_nothing_any_more() -> None:
    """While the thread says how the process ends, the main thread may not say otherwise."""
    before = f"""
cut = threading.Event()
def speak(code, name):
    cut.set()
    time.sleep(0.2)
    print(code, flush=True)
{WITH_LAST_WORDS}"""
    work = """
    try:
        print("ready", flush=True)
        time.sleep(60)
    except Stopped:
        cut.wait()
        signals.settle(0)
        print("whole", flush=True)
"""
    assert ended_by(signal.SIGTERM, work=work, before=before) == (143, "143\n")
