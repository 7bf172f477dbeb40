"""The share of a module's mutants that its own tests find."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.mutation.modules import Module
from benchmarks.mutation.mutants import Mutant, mutants, sample
from benchmarks.mutation.trial import HEAVY, Result, Trial, begin, collect

__all__ = ["Score", "TestsFail", "measure", "prepare"]

LEAST_CPU = 5
TIMES_CPU = 3
"""a mutant may take so many times the CPU seconds of the sound module"""


class TestsFail(RuntimeError):
    """A module's tests fail before anything is planted: nothing can be measured."""

    __test__ = False


@dataclass
class Score:
    """What became of a module's mutants."""

    module: Module
    places: int
    """places at which a mutant could be planted"""
    survivors: list[Mutant] = field(default_factory=list)
    killed: int = 0
    cpu_seconds: float = 0.0

    @property
    def planted(self) -> int:
        """Mutants that were tried."""
        return self.killed + len(self.survivors)

    @property
    def share(self) -> float:
        """Share of them that the tests found; 1 where there were none."""
        return self.killed / self.planted if self.planted else 1.0


def prepare() -> None:
    """Import once what every child needs and nothing mutates."""
    for name in HEAVY:
        importlib.import_module(name)


def measure(
    module: Module,
    most: int,
    seed: int,
    workers: int = 1,
    chosen: Callable[[Mutant], bool] = lambda _: True,
) -> Score:
    """Plant a sample of mutants one at a time and count those that the module's tests find.

    Parameters
    ----------
    most
        Places sampled; a module with fewer has all of them planted.
    seed
        Of the sample, with the module's name.
    workers
        Children at work at a time.
    chosen
        Which of the sample are tried.

    Raises
    ------
    TestsFail
        Where the tests do not pass on the module as it is.
    """
    source = module.path.read_text()
    places = mutants(source)
    score = Score(module, len(places))
    sound = _sound(module, source)
    score.cpu_seconds += sound.cpu_seconds
    most_cpu = LEAST_CPU + int(TIMES_CPU * sound.cpu_seconds)
    running: list[Trial] = []

    def tell(mutant: object, result: Result) -> None:
        score.cpu_seconds += result.cpu_seconds
        if not result.survived:
            score.killed += 1
        elif isinstance(mutant, Mutant):
            score.survivors.append(mutant)

    for mutant in filter(chosen, sample(places, most, f"{seed}:{module.name}")):
        code = mutant.code(source)
        if code is None:
            continue  # any test would find it
        if len(running) >= workers:
            collect(running, tell)
        running.append(begin(module, code, mutant, most_cpu))
    while running:
        collect(running, tell)
    score.survivors.sort()
    return score


def _sound(module: Module, source: str) -> Result:
    """Run the tests on the module as it is."""
    found: list[Result] = []
    running = [begin(module, source, None, 10 * 60)]
    collect(running, lambda _, result: found.append(result))
    if not found[0].survived:
        raise TestsFail(f"{module.name}: its tests fail without a mutant (exit {found[0].code})")
    return found[0]
