"""Show the product's plans beside the model's: `python -m tests.optimize.independent SEED ..`.

With `--departures` the networks are those of `random_departures`, with `--waits` of `random_waits`,
with `--asked` of `random_asked`.
"""

from __future__ import annotations

import sys

from tests.optimize.independent.asked_networks import random_asked
from tests.optimize.independent.departing_networks import random_departures, random_waits
from tests.optimize.independent.judged import judged, model_for, plan_for, quantities
from tests.optimize.independent.judged_asked import faults_of_asked
from tests.optimize.independent.networks import Network, random_network


def shown(seed: int, network: Network) -> str:
    """Moves of both plans of a random network, and what is wrong."""
    plan = plan_for(network)
    model, verdict = model_for(network, plan), judged(network, plan)
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


def shown_asked(seed: int) -> str:
    """Lines of a plan of which something is asked, and what is wrong with it."""
    network = random_asked(seed)
    plan = plan_for(network)
    told = {name: plan.summary.get(name) for name in ("objective", "bound", "asked", "unmet")}
    columns = ["action", "origin", "destination", "item", "quantity"]
    lines = plan.lines[columns].to_string(index=False)
    return "\n".join([f"{seed}: {told}", *faults_of_asked(network, plan), lines])


drawn = random_departures if "--departures" in sys.argv else random_network
drawn = random_waits if "--waits" in sys.argv else drawn
for each in sys.argv[1:]:
    if each.isdigit():
        seed = int(each)
        words = shown_asked(seed) if "--asked" in sys.argv else shown(seed, drawn(seed))
        sys.stdout.write(words + "\n")
