"""The truth of a simulated workspace is the law its orders follow, and learning never sees it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from foreship.errors import InputError, UsageError
from foreship.samples.making import make_sample
from foreship.samples.synthetic.truth import true_purchase_probability, truth_paths
from foreship.samples.synthetic.world import AS_OF, Law
from foreship.workspace.opening import open_workspace
from tests.foreship.sample_reader import wanted_and_meant

NOW = pd.Timestamp(AS_OF)
ROOMS = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small simulated workspace."""
    return make_sample(tmp_path_factory.mktemp("truth") / "small").path


def write_law(folder: Path, means: dict[tuple[str, str], list[float]], **law: float) -> Path:
    """Write a truth by hand: means of each cell and week from NOW on; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        (region, item, NOW + pd.Timedelta(weeks=week), mean)
        for (region, item), values in means.items()
        for week, mean in enumerate(values)
    ]
    names = ["region", "item", "week", "mean"]
    pd.DataFrame(rows, columns=names).to_parquet(folder / "demand.parquet")
    nothing = pd.DataFrame(rows[:0], columns=names).astype({"week": "datetime64[ms]"})
    nothing[names[:3]].to_parquet(folder / "closures.parquet")
    still = {"item_shock_sd": 0.0, "week_shock_sd": 0.0, "closure_per_year": 0.0}
    (folder / "law.json").write_text(json.dumps(vars(Law()) | still | law))
    return folder


def test_a_geometric_law_by_hand(tmp_path: Path) -> None:
    """With r = 1, mean 2 and no shocks P(D >= k) = (2/3)^k."""
    truth = write_law(tmp_path, {("R", "i"): [2.0]}, dispersion=1.0)
    found = true_purchase_probability(truth, NOW, 1, 4)
    np.testing.assert_allclose(found.p[0, 0], (2 / 3) ** np.arange(1, 5), rtol=1e-12)


def test_closures_by_hand(tmp_path: Path) -> None:
    """A cell on sale two weeks before its third survives with (1 - d)^3; none counts unlaunched."""
    truth = write_law(
        tmp_path,
        {("R", "a"): [2.0] * 3, ("R", "b"): [0.0, 0.0, 2.0]},
        dispersion=1.0,
        closure_per_year=0.9,
    )
    weekly = 0.1 ** (1 / 52)
    found = true_purchase_probability(truth, NOW, 3)
    expected = 2 / 3 * np.array([[weekly, weekly**2, weekly**3], [0.0, 0.0, weekly]])
    np.testing.assert_allclose(found.p[:, :, 0], expected, rtol=1e-12)
    paths = truth_paths(truth, NOW, 3, 40_000)
    error = np.sqrt(expected * (1 - expected) / 40_000)
    assert (np.abs((paths.units >= 1).mean(axis=2) - expected) <= 4 * error).all()


def test_shocks_integrate_as_an_independent_quadrature_says(tmp_path: Path) -> None:
    """P(D >= k) under both shocks equals adaptive integration of negative binomial tails."""
    means, r, sd = [0.05, 1.0, 12.0], 3.0, np.hypot(0.25, 0.10)
    truth = write_law(
        tmp_path, {("R", "i"): means}, dispersion=r, item_shock_sd=0.25, week_shock_sd=0.10
    )
    found = true_purchase_probability(truth, NOW, 3, 6)

    def tail(z: float, mean: float, k: int) -> float:
        level = mean * np.exp(sd * z - sd**2 / 2)
        return float(stats.nbinom.sf(k - 1, r, r / (r + level)) * stats.norm.pdf(z))

    for week, mean in enumerate(means):
        for k in range(1, 7):
            expected, _ = integrate.quad(tail, -9, 9, args=(mean, k), epsabs=1e-11)
            assert found.p[0, week, k - 1] == pytest.approx(expected, abs=1e-7)


def test_paths_covary_as_the_shocks_do(tmp_path: Path) -> None:
    """Cells of an item share both shocks, cells of a week one, weeks the shocks' memory."""
    law = {"item_shock_sd": 0.4, "item_shock_ar": 0.5, "week_shock_sd": 0.2, "week_shock_ar": 0.6}
    cells = {("A", "i"): [20.0, 20.0], ("A", "j"): [20.0, 20.0], ("B", "i"): [20.0, 20.0]}
    paths = truth_paths(write_law(tmp_path, cells, dispersion=50.0, **law), NOW, 2, 60_000)
    same_item, other_item, same_cell = (
        np.cov(paths.units[a, 0], paths.units[b, week])[0, 1] / 400.0
        for a, b, week in ((0, 2, 0), (0, 1, 0), (0, 0, 1))
    )
    assert same_item == pytest.approx(np.expm1(0.4**2 + 0.2**2), rel=0.05)
    assert other_item == pytest.approx(np.expm1(0.2**2), rel=0.10)
    assert same_cell == pytest.approx(np.expm1(0.4**2 * 0.5 + 0.2**2 * 0.6), rel=0.08)


def test_paths_follow_the_probabilities(small: Path) -> None:
    """Over 400 paths the frequency of D >= k differs from P(D >= k) by its own error alone."""
    paths = truth_paths(small, NOW, 6, 400)
    true = true_purchase_probability(small, NOW, 6, 3)
    assert paths.region.tolist() == true.region.tolist()
    assert paths.item.tolist() == true.item.tolist()
    cells = list(zip(paths.region, paths.item, strict=True))
    assert cells == sorted(cells)
    for k in (1, 2, 3):
        p = true.p[:, :, k - 1]
        frequency = (paths.units >= k).mean(axis=2)
        assert (frequency[p == 0] == 0).all()
        z = ((frequency - p) / np.sqrt(np.maximum(p * (1 - p), 1e-12) / 400))[p > 0.02]
        assert 0.9 < z.std() < 1.1
        assert abs(z.mean()) < 0.1
        assert np.abs(z).max() < 6.5


@pytest.mark.sweep
def test_orders_reproduce_the_mean(tmp_path: Path) -> None:
    """Over six retailers, orders in weeks in stock come to the true mean within 3 %.

    Shocks of weeks alone move one retailer's total by 2 %: the mean of six by 0.9 %.
    """
    ratios = []
    for seed in range(1, 7):
        folder = make_sample(tmp_path / str(seed), seed=seed).path
        means = pd.read_parquet(folder / "truth" / "demand.parquet")
        closures = pd.read_parquet(folder / "truth" / "closures.parquet")
        both = wanted_and_meant(open_workspace(folder), means)
        both = both.merge(
            closures.rename(columns={"week": "closed"}), on=["region", "item"], how="left"
        )
        both = both[both["closed"].isna() | (both["week"] < both["closed"])]
        ratios.append(both["quantity"].sum() / both["mean"].sum())
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.03)
    assert np.std(ratios) < 0.06


def test_orders_reproduce_the_probabilities(small: Path) -> None:
    """Week by week over the history, P(D >= k) is the share of cells that ordered k or more."""
    means = pd.read_parquet(small / "truth" / "demand.parquet")
    both = wanted_and_meant(open_workspace(small), means)
    frames = []
    for week in np.sort(both["week"].unique())[::4]:
        true = true_purchase_probability(small, pd.Timestamp(week), 1, 3)
        columns = {f"p{k}": true.p[:, 0, k - 1] for k in (1, 2, 3)}
        frames.append(pd.DataFrame({"region": true.region, "item": true.item, **columns}))
        frames[-1]["week"] = week
    seen = both.merge(pd.concat(frames), on=["region", "item", "week"])
    for k in (1, 2, 3):
        p, came = seen[f"p{k}"], seen["quantity"] >= k
        for _, rows in seen.groupby(pd.qcut(p, 8)):
            share, expected = came[rows.index].mean(), p[rows.index].mean()
            error = np.sqrt(expected * (1 - expected) / len(rows))
            shocks = 0.03 * expected
            assert abs(share - expected) <= 4 * error + shocks


def test_stopped_cells_want_nothing(small: Path) -> None:
    """Cells that stopped without notice have probability 0 and empty paths from then on."""
    closures = pd.read_parquet(small / "truth" / "closures.parquet")
    past = closures[closures["week"] < NOW]
    assert len(past) > 20
    true, paths = true_purchase_probability(small, NOW, 2), truth_paths(small, NOW, 2, 50)
    at = pd.MultiIndex.from_arrays([true.region, true.item])
    stopped = at.isin(pd.MultiIndex.from_frame(past[["region", "item"]]))
    assert stopped.sum() == len(past)
    assert true.p[stopped].max() == 0.0 and paths.units[stopped].max() == 0


def test_a_closure_to_come_is_not_known(small: Path) -> None:
    """The Monday before a cell stops, the truth still expects it to sell."""
    closures = pd.read_parquet(small / "truth" / "closures.parquet")
    cell = closures.sort_values(["week", "region", "item"]).iloc[-1]
    p = {}
    for weeks_before in (1, 0, -1):
        day = cell["week"] - pd.Timedelta(weeks=weeks_before)
        true = true_purchase_probability(small, day, 1)
        p[weeks_before] = true.p[(true.region == cell["region"]) & (true.item == cell["item"])]
    assert p[1].item() > 0 and p[0].item() > 0 and p[-1].item() == 0


def test_same_seed_same_paths(small: Path) -> None:
    """Paths repeat with their seed and change with it; the folder `truth` itself serves too."""
    first, again = truth_paths(small, NOW, 2, 20), truth_paths(small / "truth", NOW, 2, 20)
    np.testing.assert_array_equal(first.units, again.units)
    assert (truth_paths(small, NOW, 2, 20, seed=2).units != first.units).any()


def test_probabilities_fall_with_k(small: Path) -> None:
    """P(D >= k) never rises with k and lies between 0 and 1."""
    p = true_purchase_probability(small, NOW, 3, 12).p
    assert p.min() >= 0 and p.max() <= 1
    assert (np.diff(p, axis=2) <= 0).all()


def test_what_the_truth_does_not_hold_is_said(tmp_path: Path, small: Path) -> None:
    """No truth, a week outside it, a day that is no Monday, a law without a number: all refused."""
    with pytest.raises(UsageError, match="holds no truth"):
        truth_paths(tmp_path, NOW, 1, 2)
    with pytest.raises(UsageError, match="does not hold every week"):
        truth_paths(small, NOW + pd.Timedelta(weeks=12), 8, 2)
    with pytest.raises(UsageError, match="does not hold every week"):
        truth_paths(small, NOW + pd.Timedelta(days=1), 1, 2)
    truth = write_law(tmp_path / "law", {("R", "i"): [1.0]})
    (truth / "law.json").write_text("{}")
    with pytest.raises(InputError, match="dispersion"):
        truth_paths(truth, NOW, 1, 2)


def test_learning_never_reads_the_truth() -> None:
    """No line of either room names the samples or the files of the truth."""
    lines = [
        f"{path.name}: {line.strip()}"
        for room in ("forecast", "optimize")
        for path in sorted((ROOMS / room).rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if any(name in line for name in ("foreship.samples", "truth/", '"truth"', "law.json"))
    ]
    assert lines == []
