"""Show the product's plans beside the model's: `python -m tests.optimize.independent SEED ..`."""

from __future__ import annotations

import sys

from tests.optimize.independent.judged import judged, model_for, plan_for, quantities
from tests.optimize.independent.networks import random_network


def shown(seed: int) -> str:
    """Moves of both plans of a random network, and what is wrong."""
    network = random_network(seed)
    plan, model, verdict = plan_for(network), model_for(network), judged(network)
    ours = quantities(model, plan.lines, [])
    best = verdict.best.quantity if verdict.best else ours
    words = [f"{seed}: plan {verdict.objective:.6f}, bound {verdict.bound:.6f}", *verdict.faults]
    words += [
        f"    {move.origin} -> {move.destination or move.exit} {move.item} on day {move.lead} "
        f"for {move.cost:.2f}: plan {mine}, model {theirs}"
        for move, mine, theirs in zip(model.moves, ours, best, strict=True)
        if mine or theirs
    ]
    return "\n".join(words)


for each in sys.argv[1:]:
    sys.stdout.write(shown(int(each)) + "\n")
