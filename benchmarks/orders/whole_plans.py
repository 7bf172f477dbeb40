"""Whole plans from tables, judged on weeks that nobody has seen.

Three plans are made of the same 24 weeks: by order, by the unit (the same tables without
`order_id`), and the best plan of these very weeks. A fourth knows the law: the best plan of the
fresh weeks themselves. All are judged on the fresh weeks. The hub holds plenty, so that no plan
holds units back.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.orders.enumeration import best_plan
from benchmarks.orders.frames import AS_OF, demand_of, sent_by, tables_of
from benchmarks.orders.instances import PLENTY, Instance, fresh_weeks
from benchmarks.orders.law import Ints
from benchmarks.orders.money import gain
from foreship_optimize.params import EconomicsParams, ExitParams, OptimizeParams
from foreship_optimize.planning import make_plan

__all__ = ["FRESH", "Judged", "judge_plans", "share_of_true", "whole_plan"]

FRESH = 2_000
"""weeks that judge a plan"""


@dataclass(frozen=True)
class Judged:
    """What plans of one instance truly gain [money a week], and how many units they send."""

    name: str
    true: float
    """of the best plan, which knows the law"""
    gains: dict[str, float]
    units: dict[str, int]
    cpu_seconds: dict[str, float]


def judge_plans(cases: Iterable[Instance], weeks: int = FRESH) -> list[Judged]:
    """Make and judge the plans of some instances."""
    return [_judged(case, weeks) for case in cases]


def share_of_true(found: list[Judged], plan: str) -> float:
    """Return what one kind of plan gains of what knowing the law would, over all instances."""
    return sum(each.gains[plan] for each in found) / sum(each.true for each in found)


def _judged(instance: Instance, weeks: int) -> Judged:
    case = replace(instance, supply=np.full_like(instance.supply, PLENTY))
    fresh = fresh_weeks(case, weeks)
    seconds, plans = {}, {}
    for name, by_order in (("by order", True), ("by unit", False)):
        started = time.process_time()
        plans[name] = whole_plan(case, by_order=by_order)
        seconds[name] = time.process_time() - started
    plans["best of the sample"], _ = best_plan(case, case.past)
    plans["best of the law"], true = best_plan(case, fresh)
    return Judged(
        name=case.name,
        true=true,
        gains={name: gain(case, fresh, sent) for name, sent in plans.items()},
        units={name: int(sent.sum()) for name, sent in plans.items()},
        cpu_seconds=seconds,
    )


def whole_plan(instance: Instance, *, by_order: bool) -> Ints:
    """Return the units (R, I) that `make_plan` sends, made from the past weeks."""
    params = OptimizeParams(
        economics=EconomicsParams(obsolescence_per_year=0.0), exits=ExitParams(allowed=())
    )
    plan = make_plan(
        tables_of(instance, instance.past, by_order=by_order),
        demand_of(instance, instance.past, np.random.default_rng(0)),
        AS_OF,
        params,
    )
    return sent_by(instance, plan.lines)
