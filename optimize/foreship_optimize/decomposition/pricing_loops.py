"""Compiled loops of the item's subproblem (docs/program.md, section 9).

Imported only where a problem is decomposed. Each function is plain Python as well
(`function.py_func`); arrays in, arrays out, and ties go to the lowest index. Numbers that start at
a constant are made `np.int64`, or else compiled once for the constant and once more for others.
"""

from __future__ import annotations

import numpy as np

from foreship_optimize.compiled import helper, loop

__all__ = ["price_items", "price_items_by_day"]

TRIES = 12
"""most price steps of an item whose cells are counted by day of arrival"""
WORTH, CLOSE = 1e-12, 1e-9
"""least gain of a step, and of an arc on a cycle, in scaled money: below lies float noise"""


@loop
def price_items(
    item_arrays, item_prices, items, groups, quantity, stock_price, least, cost, used, loss
):
    """Solve each item at the prices; write its plan and stock prices, and add up by group.

    Items with cells that are reached on several days are left to `price_items_by_day`.

    Parameters
    ----------
    items, groups
        Positions in the book, and the group that each one's sums go to.
    quantity, stock_price, least
        Written: units by way, price by hub stock, least reduced cost by item (<= 0).
    cost, used, loss
        Added to, by group: true cost; use of the coupling rows; loss of the outcomes.
    """
    hubs = 1
    cells = 1
    tiers = 1
    for place in range(len(items)):
        item = items[place]
        first, last = item_arrays.item_cells[item], item_arrays.item_cells[item + 1]
        hubs = max(hubs, item_arrays.item_stocks[item + 1] - item_arrays.item_stocks[item])
        cells = max(cells, last - first)
        tiers = max(tiers, item_arrays.cell_tiers[last] - item_arrays.cell_tiers[first])
    way = np.empty((cells, hubs))
    via = np.empty((cells, hubs), np.int64)
    flow = np.zeros((cells, hubs), np.int64)
    worth = np.empty(tiers)
    tier = np.empty(cells, np.int64)
    stop = np.empty(cells, np.int64)
    room = np.empty(cells, np.int64)
    left = np.empty(hubs, np.int64)
    for place in range(len(items)):
        item = items[place]
        if item_arrays.by_day.items[item]:
            continue
        stocks = item_arrays.item_stocks[item + 1] - item_arrays.item_stocks[item]
        base = item_arrays.cell_tiers[item_arrays.item_cells[item]]
        _charge_items(item_arrays, item_prices, item, way, via, worth, tier, stop, quantity)
        oversold = _fill_from_cheapest(item_arrays, item, base, way, flow, worth, tier, stop, left)
        if oversold:
            _warm_start(item_arrays, item, base, flow, tier, room, left, quantity)
            _cancel_negative_cycles(
                item_arrays, item, base, way, flow, worth, tier, stop, room, left
            )
        first_stock = item_arrays.item_stocks[item]
        for stock in range(stocks):
            stock_price[first_stock + stock] = 0.0
        if oversold:
            _stock_prices(item_arrays, item, base, way, flow, worth, tier, stop, left, stock_price)
        least[item] = _add_up(
            item_arrays,
            item,
            groups[place],
            base,
            way,
            via,
            flow,
            worth,
            quantity,
            cost,
            used,
            loss,
        )


@loop
def price_items_by_day(
    item_arrays, at, items, groups, quantity, stock_price, least, cost, used, loss
):
    """Do as `price_items` for the items with cells that are reached on several days, if any."""
    for place in range(len(items)):
        item = items[place]
        if item_arrays.by_day.items[item]:
            _price_by_day(
                item_arrays, at, item, groups[place], quantity, stock_price, least, cost, used, loss
            )


@helper
def _charge_items(item_arrays, item_prices, item, way, via, worth, tier, stop, quantity):
    """Charge the item's ways and tiers at the prices; mark each cell's tiers that could pay."""
    stocks = item_arrays.item_stocks[item + 1] - item_arrays.item_stocks[item]
    first = item_arrays.item_cells[item]
    base = item_arrays.cell_tiers[first]
    volume = item_arrays.volume[item]
    for cell in range(first, item_arrays.item_cells[item + 1]):
        row = cell - first
        for stock in range(stocks):
            way[row, stock] = np.inf
            via[row, stock] = -1
        storage = item_arrays.cell_storage[cell]
        stored = 0.0 if storage < 0 else volume * item_prices.rows[storage]
        cheapest = np.inf
        before = 0  # units that the last plan sent here: they must be valued to be given up
        for each in range(item_arrays.cell_ways[cell], item_arrays.cell_ways[cell + 1]):
            charge = _charge(item_arrays, item_prices, each, volume, stored)
            stock = item_arrays.way_stock[each]
            if charge < way[row, stock]:
                way[row, stock] = charge
                via[row, stock] = each
            cheapest = min(cheapest, charge)
            before += quantity[each]
        low, high = item_arrays.cell_tiers[cell], item_arrays.cell_tiers[cell + 1]
        end = low
        while end < high and (item_arrays.tier_value[end] > cheapest or before > 0):
            worth[end - base] = item_arrays.tier_value[end]
            before -= item_arrays.tier_width[end]
            end += 1
        tier[row] = low - base
        stop[row] = end - base
        if end > low and len(item_prices.weights):
            _charge_risk(item_arrays, item_prices, cell, low, end, base, worth)


@helper
def _charge(item_arrays, item_prices, way, volume, stored):
    """Cost of a unit of a way at the prices, hub stock aside; `stored` pays for storage."""
    charge = (
        item_arrays.way_cost[way] + item_prices.dearer[0] * item_arrays.way_dearer[way] + stored
    )
    if len(item_prices.way_locks):
        charge += item_prices.way_locks[way]
    lane = item_arrays.way_lane[way]
    if lane >= 0:
        charge += volume * item_prices.rows[lane]
    return charge


@helper
def _charge_risk(item_arrays, item_prices, cell, low, end, base, worth):
    """Subtract from each tier's worth what its units add to the weighted outcomes (equation 8)."""
    ahead = 0
    lost = 0.0
    need = item_arrays.need[item_arrays.need_row[cell]]
    for each in range(low, end):
        ahead += item_arrays.tier_width[each]
        more = _weighted_loss(need, item_prices.weights, ahead)
        worth[each - base] -= (
            item_arrays.cell_loss[cell] * (more - lost) / item_arrays.tier_width[each]
        )
        lost = more


@helper(any_order=True)
def _weighted_loss(need, weights, units):
    """Units beyond need, weighted over the outcomes; the sum may be taken in any order."""
    total = 0.0
    for outcome in range(len(weights)):
        spare = np.float64(units) - need[outcome]
        total += weights[outcome] * (spare if spare > 0.0 else 0.0)
    return total


@helper
def _fill_from_cheapest(item_arrays, item, base, way, flow, worth, tier, stop, left):
    """Fill every cell from its cheapest hub; return whether some hub stock is then oversold."""
    stocks = item_arrays.item_stocks[item + 1] - item_arrays.item_stocks[item]
    first = item_arrays.item_cells[item]
    for stock in range(stocks):
        left[stock] = item_arrays.stock_units[item_arrays.item_stocks[item] + stock]
    for row in range(item_arrays.item_cells[item + 1] - first):
        best = 0
        for stock in range(stocks):
            flow[row, stock] = 0
            if way[row, stock] < way[row, best]:
                best = stock
        each = tier[row]
        while each < stop[row] and worth[each] - way[row, best] > WORTH:
            width = item_arrays.tier_width[base + each]
            flow[row, best] += width
            left[best] -= width
            each += 1
        stop[row] = each
    for stock in range(stocks):
        if left[stock] < 0:
            return True
    return False


@helper
def _warm_start(item_arrays, item, base, flow, tier, room, left, quantity):
    """Start from the item's plan of the last call, which its stock allows."""
    first = item_arrays.item_cells[item]
    for stock in range(item_arrays.item_stocks[item + 1] - item_arrays.item_stocks[item]):
        left[stock] = item_arrays.stock_units[item_arrays.item_stocks[item] + stock]
    for cell in range(first, item_arrays.item_cells[item + 1]):
        row = cell - first
        flow[row] = 0
        units = 0
        for each in range(item_arrays.cell_ways[cell], item_arrays.cell_ways[cell + 1]):
            stock = item_arrays.way_stock[each]
            flow[row, stock] += quantity[each]
            left[stock] -= quantity[each]
            units += quantity[each]
        tier[row] = item_arrays.cell_tiers[cell] - base
        last = item_arrays.cell_tiers[cell + 1] - base
        while tier[row] < last and units >= item_arrays.tier_width[base + tier[row]]:
            units -= item_arrays.tier_width[base + tier[row]]
            tier[row] += 1
        room[row] = item_arrays.tier_width[base + tier[row]] - units if tier[row] < last else 0


@helper
def _cancel_negative_cycles(item_arrays, item, base, way, flow, worth, tier, stop, room, left):
    """Cancel negative cycles of the residual network until none is left: the plan is optimal.

    Nodes are the item's hub stocks, `nowhere` (a unit not sent) and `spare` (stock left over). An
    arc draws a unit from another node; a cycle leaves each node once, so its steps do not collide.
    """
    stocks = item_arrays.item_stocks[item + 1] - item_arrays.item_stocks[item]
    first = item_arrays.item_cells[item]
    rows = item_arrays.item_cells[item + 1] - first
    nowhere, spare = stocks, stocks + 1
    cost = np.empty((stocks + 2, stocks + 2))
    mover = np.empty((stocks + 2, stocks + 2), np.int64)
    far = np.empty(stocks + 2)
    back = np.empty(stocks + 2, np.int64)
    while True:
        _residual_arcs(
            item_arrays, first, base, way, flow, worth, tier, stop, room, left, cost, mover, rows
        )
        node = _negative_cycle(cost, far, back)
        if node < 0:
            return
        amount = np.int64(2**62)
        at = node
        while True:
            before = back[at]
            if at == spare:
                if before != nowhere:
                    amount = min(amount, left[before])
            elif before != spare:
                row = mover[before, at]
                if before == nowhere:
                    amount = min(amount, room[row])
                else:
                    amount = min(amount, flow[row, before])
                    if at == nowhere:
                        amount = min(amount, _removable(item_arrays, first, base, row, tier, room))
            at = before
            if at == node:
                break
        while True:
            before = back[at]
            if at != spare and before != spare:
                _push(item_arrays, first, base, mover[before, at], before, at, amount, nowhere,
                       flow, tier, room, left)  # fmt: skip
            at = before
            if at == node:
                break


@helper
def _residual_arcs(
    item_arrays, first, base, way, flow, worth, tier, stop, room, left, cost, mover, rows
):
    """Write the least cost of drawing a unit from one node instead of another, and its cell."""
    spare = len(cost) - 1
    nowhere = spare - 1
    stocks = nowhere
    cost[:] = np.inf
    cost[spare, nowhere] = 0.0
    cost[nowhere, spare] = 0.0
    for stock in range(stocks):
        cost[spare, stock] = 0.0
        if left[stock] > 0:
            cost[stock, spare] = 0.0
    for row in range(rows):
        end = item_arrays.cell_tiers[first + row] - base
        for stock in range(stocks):
            if tier[row] < stop[row] and way[row, stock] - worth[tier[row]] < cost[nowhere, stock]:
                cost[nowhere, stock] = way[row, stock] - worth[tier[row]]
                mover[nowhere, stock] = row
            if flow[row, stock] == 0:
                continue
            part = tier[row] < item_arrays.cell_tiers[first + row + 1] - base and (
                room[row] < item_arrays.tier_width[base + tier[row]]
            )
            last = tier[row] if part else tier[row] - 1
            if last >= end and worth[last] - way[row, stock] < cost[stock, nowhere]:
                cost[stock, nowhere] = worth[last] - way[row, stock]
                mover[stock, nowhere] = row
            for other in range(stocks):
                more = way[row, other] - way[row, stock]
                if other != stock and more < cost[stock, other]:
                    cost[stock, other] = more
                    mover[stock, other] = row


@helper
def _removable(item_arrays, first, base, row, tier, room):
    """Units that can be taken from the last tier in use of a row."""
    if tier[row] < item_arrays.cell_tiers[first + row + 1] - base:
        inside = item_arrays.tier_width[base + tier[row]] - room[row]
        if inside > 0:
            return inside
    return np.int64(item_arrays.tier_width[base + tier[row] - 1])


@helper
def _push(item_arrays, first, base, row, before, at, amount, nowhere, flow, tier, room, left):
    """Push units of a row along an arc: from another hub stock, newly sent, or no longer sent."""
    end = item_arrays.cell_tiers[first + row + 1] - base
    if before != nowhere:
        flow[row, before] -= amount
        left[before] += amount
    else:
        room[row] -= amount
        if room[row] == 0:
            tier[row] += 1
            room[row] = item_arrays.tier_width[base + tier[row]] if tier[row] < end else 0
    if at != nowhere:
        flow[row, at] += amount
        left[at] -= amount
        return
    inside = item_arrays.tier_width[base + tier[row]] - room[row] if tier[row] < end else 0
    if inside > 0:
        room[row] += amount
    else:
        tier[row] -= 1
        room[row] = amount


@helper
def _negative_cycle(cost, far, back):
    """Find a node on a negative cycle along `back` (Bellman-Ford); -1 if there is none."""
    nodes = len(far)
    for node in range(nodes):
        far[node] = 0.0
        back[node] = -1
    for _ in range(nodes):
        found = -1
        for node in range(nodes):
            for other in range(nodes):
                if far[node] + cost[node, other] < far[other] - CLOSE:
                    far[other] = far[node] + cost[node, other]
                    back[other] = node
                    found = other
        if found < 0:
            return -1
    for _ in range(nodes):
        found = back[found]
    return found


@helper
def _stock_prices(item_arrays, item, base, way, flow, worth, tier, stop, left, stock_price):
    """Find what one more unit of each hub stock would gain: the dual of equation 3."""
    stocks = item_arrays.item_stocks[item + 1] - item_arrays.item_stocks[item]
    start = item_arrays.item_stocks[item]
    rows = item_arrays.item_cells[item + 1] - item_arrays.item_cells[item]
    for stock in range(stocks):
        best = 0.0
        if left[stock] == 0:
            for row in range(rows):
                if tier[row] < stop[row]:
                    best = max(best, worth[tier[row]] - way[row, stock])
        stock_price[start + stock] = best
    for _ in range(stocks):
        changed = False
        for stock in range(stocks):
            if left[stock] > 0:
                continue
            for row in range(rows):
                for other in range(stocks):
                    if other != stock and flow[row, other] > 0:
                        freed = way[row, other] - way[row, stock] + stock_price[start + other]
                        if freed > stock_price[start + stock] + WORTH:
                            stock_price[start + stock] = freed
                            changed = True
        if not changed:
            return


@helper
def _add_up(item_arrays, item, group, base, way, via, flow, worth, quantity, cost, used, loss):
    """Write the item's plan, add what it uses to its group, and return its reduced cost."""
    first = item_arrays.item_cells[item]
    stocks = item_arrays.item_stocks[item + 1] - item_arrays.item_stocks[item]
    volume = item_arrays.volume[item]
    reduced = 0.0
    dearer = 0.0
    for cell in range(first, item_arrays.item_cells[item + 1]):
        row = cell - first
        for each in range(item_arrays.cell_ways[cell], item_arrays.cell_ways[cell + 1]):
            quantity[each] = 0
        units = 0
        for stock in range(stocks):
            amount = flow[row, stock]
            if amount == 0:
                continue
            each = via[row, stock]
            quantity[each] = amount
            units += amount
            reduced += amount * way[row, stock]
            cost[group] += amount * item_arrays.way_cost[each]
            if item_arrays.way_lane[each] >= 0:
                used[group, item_arrays.way_lane[each]] += volume * amount
            dearer += amount * item_arrays.way_dearer[each]
        if units == 0:
            continue
        if item_arrays.cell_storage[cell] >= 0:
            used[group, item_arrays.cell_storage[cell]] += volume * units
        full = np.int64(0)
        part = 0
        width = 1
        each = item_arrays.cell_tiers[cell]
        while full + part < units:
            width = item_arrays.tier_width[each]
            taken = min(units - full, width)
            reduced -= taken * worth[each - base]
            cost[group] -= taken * item_arrays.tier_value[each]
            if taken == width:
                full += taken
            else:
                part = taken
            each += 1
        need = item_arrays.need[item_arrays.need_row[cell]]
        _add_loss(loss[group], need, item_arrays.cell_loss[cell], full)
        if part > 0:  # a share of a tier loses that share of what the tier loses
            rate = item_arrays.cell_loss[cell] * part / width
            _add_loss(loss[group], need, rate, full + width)
            _add_loss(loss[group], need, -rate, full)
    if dearer > 0.0:
        _add(loss[group], dearer)
    return reduced


@helper
def _add(loss, extra):
    """Add as much to every outcome."""
    for outcome in range(len(loss)):
        loss[outcome] += extra


@helper
def _add_loss(loss, need, rate, units):
    """Add to each outcome what units beyond its need lose; written so that it vectorises."""
    for outcome in range(len(loss)):
        spare = np.float64(units) - need[outcome]
        loss[outcome] += rate * (spare if spare > 0.0 else 0.0)


@helper
def _price_by_day(
    item_arrays, item_prices, item, group, quantity, stock_price, least, cost, used, loss
):
    """Solve an item counted by day of arrival, approximately, by prices of its hub stocks.

    At prices of the item's stocks each cell takes its best units by day (`_best_by_day`); their
    cost less the worth of the stocks is a lower bound. The prices start from the last call's and
    move by Polyak's subgradient steps; of the plans cut down to the stock, the cheapest is kept.
    """
    first_stock, last_stock = item_arrays.item_stocks[item], item_arrays.item_stocks[item + 1]
    first, last = item_arrays.item_cells[item], item_arrays.item_cells[item + 1]
    base = item_arrays.cell_ways[first]
    ways = item_arrays.cell_ways[last] - base
    charge, free = np.empty(ways), np.empty(ways)
    trial, best_plan = np.zeros(ways, np.int64), np.zeros(ways, np.int64)
    left = np.empty(last_stock - first_stock, np.int64)
    slope = np.empty(len(left))
    stock_dual, best_dual = stock_price[first_stock:last_stock].copy(), np.zeros(len(left))
    starts, risk = _risks(item_arrays, item_prices, first, last)
    _charges(item_arrays, item_prices, item, free)
    below, above = -np.inf, 0.0
    for _ in range(TRIES):
        for way in range(ways):
            charge[way] = free[way] + stock_dual[item_arrays.way_stock[base + way]]
        value = 0.0
        for cell in range(first, last):
            value += _best_by_day(
                item_arrays, cell, base, charge, risk[starts[cell - first] :], trial
            )
        for stock in range(len(left)):
            value -= stock_dual[stock] * item_arrays.stock_units[first_stock + stock]
            left[stock] = item_arrays.stock_units[first_stock + stock]
        for way in range(ways):
            left[item_arrays.way_stock[base + way]] -= trial[way]
        if value > below:
            below = value
            _copy(best_dual, stock_dual)
        size = 0.0
        for stock in range(len(left)):
            slope[stock] = -left[stock] if left[stock] < 0 or stock_dual[stock] > 0.0 else 0.0
            size += slope[stock] * slope[stock]
        _cut_to_stock(item_arrays, first, last, base, free, starts, risk, trial, left)
        _fill_from_stock(item_arrays, first, last, base, free, starts, risk, trial, left)
        total = 0.0
        for cell in range(first, last):
            total += _cost_by_day(
                item_arrays, cell, base, free, risk[starts[cell - first] :], trial
            )
        if total < above:
            above = total
            _copy(best_plan, trial)
        if size == 0.0 or above - below <= CLOSE * max(1.0, abs(above)):
            break
        for stock in range(len(left)):
            stock_dual[stock] = max(0.0, stock_dual[stock] + (above - value) / size * slope[stock])
    _copy(stock_price[first_stock:last_stock], best_dual)
    least[item] = min(below, 0.0) if below > -np.inf else 0.0
    _add_up_by_day(item_arrays, item, group, best_plan, quantity, cost, used, loss)


@helper
def _copy(target, source):
    """Write one array over another; a slice assigned compiles what tells of unlike shapes, too."""
    for place in range(len(source)):
        target[place] = source[place]


@helper
def _risks(item_arrays, item_prices, first, last):
    """Cost of the first 0, 1, .. units of each cell at the weights of the outcomes."""
    starts = np.empty(last - first, np.int64)
    size = 0
    for cell in range(first, last):
        starts[cell - first] = size
        size += 1
        for each in range(item_arrays.cell_tiers[cell], item_arrays.cell_tiers[cell + 1]):
            size += item_arrays.tier_width[each]
    risk = np.zeros(size)
    if len(item_prices.weights):
        for cell in range(first, last):
            end = starts[cell - first + 1] if cell + 1 < last else size
            for place in range(starts[cell - first], end):
                units = place - starts[cell - first]
                weighted = _weighted_loss(
                    item_arrays.need[item_arrays.need_row[cell]], item_prices.weights, units
                )
                risk[place] = item_arrays.cell_loss[cell] * weighted
    return starts, risk


@helper
def _charges(item_arrays, item_prices, item, charge):
    """Write what a unit of each way costs at the prices, hub stock aside."""
    volume = item_arrays.volume[item]
    base = item_arrays.cell_ways[item_arrays.item_cells[item]]
    for cell in range(item_arrays.item_cells[item], item_arrays.item_cells[item + 1]):
        storage = item_arrays.cell_storage[cell]
        stored = 0.0 if storage < 0 else volume * item_prices.rows[storage]
        for each in range(item_arrays.cell_ways[cell], item_arrays.cell_ways[cell + 1]):
            charge[each - base] = _charge(item_arrays, item_prices, each, volume, stored)


@helper
def _best_by_day(item_arrays, cell, base, charge, risk, trial):
    """Write the units of each way in a cell's best plan; return its cost, 0 for an empty one.

    Dynamic programming over tiers: the least cost of the first tiers where the last one arrives on
    a given day follows from those where it arrived no later (equation 11b).
    """
    low, high = item_arrays.by_day.cell_days[cell], item_arrays.by_day.cell_days[cell + 1]
    days, tiers = high - low, item_arrays.cell_tiers[cell + 1] - item_arrays.cell_tiers[cell]
    way, via = np.full(days, np.inf), np.full(days, -1)
    for each in range(item_arrays.cell_ways[cell], item_arrays.cell_ways[cell + 1]):
        trial[each - base] = 0
        day = item_arrays.by_day.way_day[each] - low
        if charge[each - base] < way[day]:
            way[day] = charge[each - base]
            via[day] = each
    reach, before = np.zeros(days), np.zeros((tiers, days), np.int64)
    least, stop, end, ahead = 0.0, 0, 0, 0
    for tier in range(tiers):
        width = item_arrays.tier_width[item_arrays.cell_tiers[cell] + tier]
        more = risk[ahead + width] - risk[ahead]
        from_day, low_cost = 0, np.inf
        for day in range(days):
            if reach[day] < low_cost:
                low_cost, from_day = reach[day], day
            before[tier, day] = from_day
            sums = item_arrays.by_day.sums_start[low + day] + ahead
            reach[day] = low_cost + more + width * way[day]
            reach[day] -= item_arrays.by_day.sums[sums + width] - item_arrays.by_day.sums[sums]
            if reach[day] < least - WORTH:
                least, stop, end = reach[day], tier + 1, day
        ahead += width
    for tier in range(stop - 1, -1, -1):
        trial[via[end] - base] += item_arrays.tier_width[item_arrays.cell_tiers[cell] + tier]
        end = before[tier, end]
    return least


@helper
def _worth_by_day(item_arrays, cell, base, plan):
    """Worth of a cell's units under a plan, each on its day."""
    return _worth_with(item_arrays, cell, base, plan, np.int64(-1), np.int64(0))


@helper
def _worth_with(item_arrays, cell, base, plan, way, units):
    """Worth of a cell's units under a plan with so many more of one way, each on its day."""
    low, high = item_arrays.by_day.cell_days[cell], item_arrays.by_day.cell_days[cell + 1]
    total, before = 0.0, 0
    for cell_day in range(low, high):
        come = 0
        for each in range(item_arrays.cell_ways[cell], item_arrays.cell_ways[cell + 1]):
            if item_arrays.by_day.way_day[each] == cell_day:
                come += plan[each - base]
                if each == way:
                    come += units
        sums = item_arrays.by_day.sums_start[cell_day]
        total += (
            item_arrays.by_day.sums[sums + before + come] - item_arrays.by_day.sums[sums + before]
        )
        before += come
    return total


@helper
def _cost_by_day(item_arrays, cell, base, charge, risk, plan):
    """Cost of a cell's units under a plan, at the charges of its ways."""
    total, units = 0.0, 0
    for each in range(item_arrays.cell_ways[cell], item_arrays.cell_ways[cell + 1]):
        total += plan[each - base] * charge[each - base]
        units += plan[each - base]
    return total + risk[units] - _worth_by_day(item_arrays, cell, base, plan)


@helper
def _cut_to_stock(item_arrays, first, last, base, charge, starts, risk, plan, left):
    """Drop the steps that give up least per unit until no hub stock is oversold."""
    for stock in range(len(left)):
        while left[stock] < 0:
            best, chosen, drop = np.inf, -1, 0
            for cell in range(first, last):
                units = 0
                for each in range(item_arrays.cell_ways[cell], item_arrays.cell_ways[cell + 1]):
                    units += plan[each - base]
                for each in range(item_arrays.cell_ways[cell], item_arrays.cell_ways[cell + 1]):
                    if item_arrays.way_stock[each] != stock or plan[each - base] == 0:
                        continue
                    tiers = item_arrays.cell_tiers[cell + 1]
                    size = min(plan[each - base], item_arrays.tier_width[tiers - 1])
                    at = starts[cell - first] + units
                    given = _worth_by_day(item_arrays, cell, base, plan)
                    given -= _worth_with(
                        item_arrays, cell, base, plan, np.int64(each), -np.int64(size)
                    )
                    given -= size * charge[each - base] + risk[at] - risk[at - size]
                    if given / size < best:
                        best, chosen, drop = given / size, each, size
            plan[chosen - base] -= drop
            left[stock] += drop


@helper
def _fill_from_stock(item_arrays, first, last, base, charge, starts, risk, plan, left):
    """Send the steps that gain most per unit from the stock left, until none gains."""
    while True:
        best, chosen, step = WORTH, -1, 0
        for cell in range(first, last):
            units = 0
            for each in range(item_arrays.cell_ways[cell], item_arrays.cell_ways[cell + 1]):
                units += plan[each - base]
            at = starts[cell - first] + units
            end = starts[cell - first + 1] if cell + 1 < last else len(risk)
            tiers = item_arrays.cell_tiers[cell], item_arrays.cell_tiers[cell + 1]
            if tiers[0] == tiers[1]:
                continue  # full: nothing can come
            size = (
                item_arrays.tier_width[tiers[1] - 1] if units else item_arrays.tier_width[tiers[0]]
            )
            if at + size >= end:
                continue
            worth = _worth_by_day(item_arrays, cell, base, plan)
            for each in range(item_arrays.cell_ways[cell], item_arrays.cell_ways[cell + 1]):
                if left[item_arrays.way_stock[each]] < size:
                    continue
                gain = (
                    _worth_with(item_arrays, cell, base, plan, np.int64(each), np.int64(size))
                    - worth
                )
                gain -= size * charge[each - base] + risk[at + size] - risk[at]
                if gain / size > best:
                    best, chosen, step = gain / size, each, size
        if chosen < 0:
            return
        plan[chosen - base] += step
        left[item_arrays.way_stock[chosen]] -= step


@helper
def _add_up_by_day(item_arrays, item, group, plan, quantity, cost, used, loss):
    """Write the item's plan and add its cost, use and losses to its group."""
    volume, dearer = item_arrays.volume[item], 0.0
    base = item_arrays.cell_ways[item_arrays.item_cells[item]]
    for cell in range(item_arrays.item_cells[item], item_arrays.item_cells[item + 1]):
        units = np.int64(0)
        for each in range(item_arrays.cell_ways[cell], item_arrays.cell_ways[cell + 1]):
            amount = plan[each - base]
            quantity[each] = amount
            units += amount
            cost[group] += amount * item_arrays.way_cost[each]
            dearer += amount * item_arrays.way_dearer[each]
            if item_arrays.way_lane[each] >= 0:
                used[group, item_arrays.way_lane[each]] += volume * amount
        if units == 0:
            continue
        cost[group] -= _worth_by_day(item_arrays, cell, base, plan)
        if item_arrays.cell_storage[cell] >= 0:
            used[group, item_arrays.cell_storage[cell]] += volume * units
        _add_loss(
            loss[group],
            item_arrays.need[item_arrays.need_row[cell]],
            item_arrays.cell_loss[cell],
            units,
        )
    if dearer > 0.0:
        _add(loss[group], dearer)
