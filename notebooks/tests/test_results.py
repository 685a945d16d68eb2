"""The results folder as other tools see it: the index of runs, notes of columns, and counts that add up."""

import json
import math
import os
from pathlib import Path

import polars as pl
import pytest

RESULTS = Path(os.environ.get("RECSAFE_RESULTS", "results/quickstart"))


@pytest.fixture(scope="module")
def manifest() -> dict:
    return json.loads((RESULTS / "manifest.json").read_text())


def whole(table: str) -> pl.DataFrame:
    """A table of the whole experiment."""
    return pl.read_parquet(RESULTS / f"{table}.parquet")


def of_runs(table: str) -> pl.DataFrame:
    """A table of single runs, with the columns of the index."""
    return whole("runs").join(pl.read_parquet(RESULTS / "runs" / "*" / f"{table}.parquet", hive_partitioning=True), on="run")


def test_the_index_has_every_arm_point_and_seed(manifest):
    runs = whole("runs")
    arms, seeds = manifest["experiment"]["arms"], manifest["experiment"]["seeds"]
    assert set(runs.select("arm", "point", "seed").iter_rows()) == {(arm, 0, seed) for arm in arms for seed in seeds}
    assert runs.select("arm", "point", "seed").is_unique().all()
    assert set(runs["status"]) == {"done"}
    assert runs["run"].str.contains(r"^r[0-9a-f]{16}$").all()
    assert {f"run={run}" for run in runs["run"]} == {path.name for path in (RESULTS / "runs").iterdir()}


@pytest.mark.parametrize("table", ["metrics", "daily"])
def test_tables_of_the_experiment_are_those_of_its_runs(table):
    keys = ["arm", "point", "seed"]
    together, single = whole(table), of_runs(table).drop("run", "status")
    assert together.columns == single.columns and together.columns[:3] == keys
    order = [*keys, *[name for name in ("day", "metric", "group") if name in together.columns]]
    assert together.sort(order).equals(single.sort(order))


def test_columns_say_what_they_are():
    for path in [RESULTS / "metrics.parquet", next((RESULTS / "runs").glob("*/accounts.parquet"))]:
        notes = pl.read_parquet_metadata(path)
        assert all(f"column:{name}" in notes for name in pl.read_parquet_schema(path))
    assert "severity" in notes["column:dose"]


@pytest.mark.parametrize("table", ["metrics", "daily"])
def test_values_are_made_of_their_counts(table):
    values = whole(table).with_columns(made=pl.col("factor") * pl.col("numerator") / pl.col("denominator"))
    defined = values.filter(pl.col("denominator") != 0)
    assert (defined["value"] == defined["made"]).all() and defined.height > 1000
    assert values.filter(pl.col("denominator") == 0)["value"].is_null().all()


def test_numerators_are_counts():
    """Removals as the rows of actions say them; the factor has the constant of the unit."""
    removals = of_runs("actions").filter(pl.col("kind").is_in(["removed", "network-removed"]), pl.col("day") >= 0)
    counted = removals.group_by("arm", "seed").agg(pl.len().alias("removals"))
    metrics = whole("metrics").filter(metric="accounts-removed", group="all")
    joined = metrics.join(counted, on=["arm", "seed"], how="left").with_columns(pl.col("removals").fill_null(0))
    assert (joined["numerator"] == joined["removals"]).all() and joined["removals"].sum() > 0
    assert set(joined["factor"]) == {300_000.0}


def test_accounts_add_up_to_metrics():
    accounts = of_runs("accounts").filter(pl.col("role") == "minor")
    metrics = whole("metrics").filter((pl.col("metric") == "prevalence") & (pl.col("group") == "minor"))
    counted = accounts.group_by("arm", "seed").agg(pl.col("harmful_views").sum(), pl.col("views").sum())
    joined = metrics.join(counted, on=["arm", "seed"])
    assert joined.height == metrics.height > 0
    assert (joined["numerator"] == joined["harmful_views"]).all()
    assert (joined["denominator"] == joined["views"]).all()


def test_days_add_up_to_totals():
    keys = ["arm", "seed", "metric", "group"]
    daily = whole("daily").filter(pl.col("metric") == "prevalence").group_by(keys).agg(pl.col("numerator").sum())
    joined = whole("metrics").join(daily, on=keys, suffix="_daily")
    assert joined.height > 0
    assert (joined["numerator"] == joined["numerator_daily"]).all()


def test_arms_meet_the_same_accounts():
    accounts = of_runs("accounts").select("arm", "seed", "account", "role", "band", "declared_band", "niche_interest")
    for _, of_seed in accounts.group_by("seed"):
        arms = [frame.drop("arm").sort("account") for _, frame in of_seed.group_by("arm")]
        assert all(frame.equals(arms[0]) for frame in arms)


def test_the_comparison_pairs_by_seed(manifest):
    comparison = whole("comparison")
    declared = comparison.filter(pl.col("confirmatory"))
    assert {"dose", "engagement"} <= set(declared["metric"])
    row = declared.filter((pl.col("metric") == "dose") & (pl.col("arm") == "chronological")).row(0, named=True)
    values = whole("metrics").filter((pl.col("metric") == "dose") & (pl.col("group") == "minor"))
    by_arm = {arm[0]: frame.sort("seed")["value"] for arm, frame in values.group_by("arm")}
    relative = math.expm1((by_arm["chronological"] / by_arm["as-is"]).log().mean())
    assert row["n"] == len(manifest["experiment"]["seeds"])
    assert row["scale"] == "log-ratio"
    assert row["relative"] == pytest.approx(relative, rel=1e-9)
    assert row["difference"] == pytest.approx(relative * row["mean_baseline"], rel=1e-9)
    assert row["ci_low"] < row["difference"] < row["ci_high"]


def test_contacts_add_up_to_the_funnel(manifest):
    contacts = of_runs("contacts").filter((pl.col("from_role") == "predator") & (pl.col("to_role") == "minor"))
    for stage in ["suggested", "found", "requested", "delivered", "accepted"]:
        reached = contacts.filter(pl.col(f"{stage}_day") >= 0).group_by("arm", "seed").agg(pl.len().alias("contacts"))
        metrics = whole("metrics").filter((pl.col("metric") == f"funnel-{stage}") & (pl.col("group") == "minor"))
        joined = metrics.join(reached, on=["arm", "seed"], how="left").with_columns(pl.col("contacts").fill_null(0))
        assert joined.height == len(manifest["experiment"]["arms"]) * len(manifest["experiment"]["seeds"])
        assert (joined["numerator"] == joined["contacts"]).all() and set(joined["factor"]) == {1000.0}
        assert joined["contacts"].sum() > 0


def test_every_contact_is_in_one_state():
    contacts = of_runs("contacts")
    keys = ["arm", "seed", "from", "to", "attempt"]
    assert contacts.select(keys).is_duplicated().sum() == 0
    tried = pl.col("requested_day").is_not_null()
    assert contacts.filter(tried & pl.col("accepted_day").is_null() & pl.col("ended").is_null()).height == 0
    assert contacts.filter(pl.col("ended").is_null() != pl.col("end_day").is_null()).height == 0
