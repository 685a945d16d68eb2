"""The notebooks as they are kept: each says the command that `make` runs for its data, and holds outputs without errors."""

import json
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(NOTEBOOKS))

import altair as alt  # noqa: E402
import polars as pl  # noqa: E402
import shared  # noqa: E402

ALL = sorted(NOTEBOOKS.glob("*.ipynb"))
RUN = re.compile(r"run experiments/(\S+)\.toml *(.*)")
COMMAND = re.compile(r"cargo run --release -- " + RUN.pattern)


def cells(notebook: Path) -> list[dict]:
    return json.loads(notebook.read_text())["cells"]


def command(notebook: Path) -> tuple[str, str]:
    found = COMMAND.findall("".join(cells(notebook)[0]["source"]))
    assert len(found) == 1, "a notebook begins with one command"
    return found[0]


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """What `make notebooks` would run: options by experiment, without those that say where to."""
    said = subprocess.run(["make", "-n", "notebooks"], cwd=NOTEBOOKS.parent, capture_output=True, text=True, check=True).stdout
    return {name: re.sub(r"--out \S+|--overwrite", "", options).strip() for name, options in RUN.findall(said)}


@pytest.mark.parametrize("notebook", ALL[1:], ids=lambda it: it.stem)
def test_make_runs_the_command_that_the_notebook_says(notebook, made):
    name, options = command(notebook)
    assert made[name] == options
    assert f'Results("{name}")' in "".join(cells(notebook)[1]["source"])
    assert f"`{' '.join([name + '.toml', options])}`" in (NOTEBOOKS / "README.md").read_text()


@pytest.mark.parametrize("notebook", ALL, ids=lambda it: it.stem)
def test_outputs_are_kept_and_without_errors(notebook):
    code = [cell for cell in cells(notebook) if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code)
    outputs = [output for cell in code for output in cell["outputs"]]
    assert not [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"]
    assert len([output for output in outputs if "image/png" in output.get("data", {})]) >= 3
    assert notebook.stat().st_size < 1_000_000


@pytest.mark.parametrize("notebook", ALL, ids=lambda it: it.stem)
def test_texts_have_no_figures_of_the_data(notebook):
    """What the data show is made when a notebook runs; a share written into a text would stay when the data change."""
    texts = ["".join(cell["source"]) for cell in cells(notebook) if cell["cell_type"] == "markdown"]
    assert [figure for text in texts for figure in re.findall(r"[\d.]+ %", text) if figure != "95 %"] == []


def test_students_quantiles():
    for df, quantile in [(1, 12.706), (3, 3.182), (5, 2.571), (11, 2.201), (22, 2.074), (1000, 1.962)]:
        assert shared.student(df) == pytest.approx(quantile, rel=2e-3)


def pixels(png: bytes) -> bytes:
    """The data of a PNG, unpacked."""
    at, data = 8, b""
    while at < len(png):
        size = struct.unpack(">I", png[at : at + 4])[0]
        assert zlib.crc32(png[at + 4 : at + 8 + size]) == struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0]
        data += png[at + 8 : at + 8 + size] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + size
    return zlib.decompress(data)


def test_small_pictures_are_the_same_pictures():
    chart = alt.Chart(pl.DataFrame({"a": [1, 2, 3]})).mark_point().encode(x="a:Q").to_dict()
    large, small = shared._png(chart, scale_factor=1.5)[0]["image/png"], shared.small_png(chart, scale_factor=1.5)[0]["image/png"]
    assert pixels(small) == pixels(large)
    assert len(small) < len(large) / 2


def test_a_list_in_words():
    assert [shared.listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["none", "a", "a and b", "a, b and c"]
