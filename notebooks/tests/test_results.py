"""The results folder as other tools see it: hive partitions, types, and counts that add up."""

import json
import os
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pytest

RESULTS = Path(os.environ.get("RECSAFE_RESULTS", "results/quickstart"))


@pytest.fixture(scope="module")
def manifest() -> dict:
    return json.loads((RESULTS / "manifest.json").read_text())


def read(table: str) -> pl.DataFrame:
    return pl.read_parquet(RESULTS / "runs" / "**" / f"{table}.parquet", hive_partitioning=True)


def test_polars_reads_hive_partitions(manifest):
    metrics = read("metrics")
    assert set(metrics["arm"].unique()) == set(manifest["experiment"]["arms"])
    assert set(metrics["seed"].unique()) == set(manifest["experiment"]["seeds"])
    assert metrics["value"].dtype == pl.Float64


def test_pandas_reads_hive_partitions(manifest):
    runs = RESULTS / "runs"
    files = sorted(str(path) for path in runs.rglob("metrics.parquet"))
    assert len(files) == len(manifest["runs"])
    frame = ds.dataset(files, partitioning="hive", partition_base_dir=str(runs)).to_table().to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert set(frame["arm"]) == set(manifest["experiment"]["arms"])
    assert {"metric", "group", "value", "numerator", "denominator", "arm", "point", "seed"} == set(frame.columns)


def test_columns_say_what_they_are(manifest):
    run = manifest["runs"][0]
    path = RESULTS / "runs" / f"arm={run['arm']}" / f"point={run['point']}" / f"seed={run['seed']}" / "accounts.parquet"
    notes = pl.read_parquet_metadata(path)
    assert all(f"column:{name}" in notes for name in pl.read_parquet_schema(path))
    assert "severity" in notes["column:dose"]


def test_accounts_add_up_to_metrics():
    accounts = read("accounts").filter(pl.col("role") == "minor")
    metrics = read("metrics").filter((pl.col("metric") == "prevalence") & (pl.col("group") == "minor"))
    counted = accounts.group_by("arm", "seed").agg(pl.col("harmful_views").sum(), pl.col("views").sum())
    joined = metrics.join(counted, on=["arm", "seed"])
    assert joined.height == metrics.height > 0
    assert (joined["numerator"] == joined["harmful_views"]).all()
    assert (joined["denominator"] == joined["views"]).all()


def test_days_add_up_to_totals():
    keys = ["arm", "seed", "metric", "group"]
    daily = read("daily").filter(pl.col("metric") == "prevalence").group_by(keys).agg(pl.col("numerator").sum())
    joined = read("metrics").join(daily, on=keys, suffix="_daily")
    assert joined.height > 0
    assert (joined["numerator"] == joined["numerator_daily"]).all()


def test_arms_meet_the_same_accounts():
    accounts = read("accounts").select("arm", "seed", "account", "role", "band", "stated_band", "niche_interest")
    for _, of_seed in accounts.group_by("seed"):
        arms = [frame.drop("arm").sort("account") for _, frame in of_seed.group_by("arm")]
        assert all(frame.equals(arms[0]) for frame in arms)


def test_the_comparison_pairs_by_seed(manifest):
    comparison = pl.read_parquet(RESULTS / "comparison.parquet")
    declared = comparison.filter(pl.col("confirmatory"))
    assert {"dose", "engagement"} <= set(declared["metric"])
    row = declared.filter((pl.col("metric") == "dose") & (pl.col("arm") == "chronological")).row(0, named=True)
    values = read("metrics").filter((pl.col("metric") == "dose") & (pl.col("group") == "minor"))
    by_arm = {arm[0]: frame.sort("seed")["value"] for arm, frame in values.group_by("arm")}
    difference = (by_arm["chronological"] - by_arm["as-is"]).mean()
    assert row["n"] == len(manifest["experiment"]["seeds"])
    assert row["difference"] == pytest.approx(difference, rel=1e-9)
    assert row["ci_low"] < difference < row["ci_high"]


def test_contacts_add_up_to_the_funnel(manifest):
    contacts = read("contacts").filter((pl.col("from_role") == "predator") & (pl.col("to_role") == "minor"))
    for stage in ["suggested", "found", "requested", "delivered", "accepted"]:
        reached = contacts.filter(pl.col(f"{stage}_day") >= 0).group_by("arm", "seed").agg(pl.len().alias("contacts"))
        metrics = read("metrics").filter((pl.col("metric") == f"funnel-{stage}") & (pl.col("group") == "minor"))
        joined = metrics.join(reached, on=["arm", "seed"], how="left").with_columns(pl.col("contacts").fill_null(0))
        assert joined.height == len(manifest["runs"])
        assert (joined["numerator"] == 1000 * joined["contacts"]).all()
        assert joined["contacts"].sum() > 0


def test_every_contact_is_in_one_state():
    contacts = read("contacts")
    keys = ["arm", "seed", "from", "to", "attempt"]
    assert contacts.select(keys).is_duplicated().sum() == 0
    tried = pl.col("requested_day").is_not_null()
    assert contacts.filter(tried & pl.col("accepted_day").is_null() & pl.col("ended").is_null()).height == 0
    assert contacts.filter(pl.col("ended").is_null() != pl.col("end_day").is_null()).height == 0
