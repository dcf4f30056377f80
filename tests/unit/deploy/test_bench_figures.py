"""Figures: one file by name, ratios, percentiles, and the floors that they are held against."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.bench.figures import Figure, MeasurementFailed, merge, percentile
from deploy.bench.floors import FLOORS, IDENTIFY, OVERRUN, ROUTER, missed
from deploy.bench.parts import NAMES
from deploy.cli_bench import results


def test_the_ratio_is_value_by_ceiling():
    figure = Figure.measured(ROUTER, 9_000, "messages/s", 90_000)
    assert (figure.value, figure.ceiling, figure.ratio) == (9_000, 90_000, 0.1)


def test_without_a_ceiling_there_is_no_ratio():
    figure = Figure.measured(OVERRUN, 12.5, "ms")
    assert (figure.ceiling, figure.ratio) == (None, None)


def test_a_figure_takes_the_place_of_the_older_one_of_its_name_and_leaves_the_others(tmp_path):
    file = tmp_path / "var" / "bench.json"
    merge(file, [{"name": "a", "value": 1}, {"name": "b", "value": 2}])
    merge(file, [{"name": "a", "value": 3}])
    assert json.loads(file.read_text()) == [{"name": "a", "value": 3}, {"name": "b", "value": 2}]


def test_a_broken_file_is_written_anew(tmp_path):
    file = tmp_path / "bench.json"
    file.write_text("{half")
    assert merge(file, [{"name": "a", "value": 1}]) == json.loads(file.read_text()) == [{"name": "a", "value": 1}]


def test_an_entry_has_the_published_fields(tmp_path):
    entry = Figure.measured(ROUTER, 1, "messages/s", 2).as_json()
    assert set(entry) == {"name", "value", "unit", "ceiling", "ratio", "at"}


@given(st.lists(st.floats(0, 1e6), min_size=1), st.sampled_from([0.5, 0.95, 1.0]))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values, share):
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= math.floor(share * len(values))


def test_the_95th_of_a_hundred_is_the_95th():
    assert percentile([float(n) for n in range(1, 101)], 0.95) == 95


def test_nothing_measured_has_no_percentile():
    with pytest.raises(MeasurementFailed):
        percentile([], 0.95)


def test_every_figure_has_a_floor():
    assert set(NAMES) == set(FLOORS)


@pytest.mark.parametrize(
    ("name", "value", "ceiling", "met"),
    [
        (ROUTER, 8_000, 100_000, True),
        (ROUTER, 7_999, 100_000, False),
        (OVERRUN, 50, None, True),
        (OVERRUN, 50.1, None, False),
        (IDENTIFY, 95, 100, True),
        (IDENTIFY, 94, 100, False),
    ],
)
def test_a_floor_is_met_on_its_side_of_the_limit(name, value, ceiling, met):
    figure = Figure.measured(name, value, "unit", ceiling)
    assert missed([figure]) == ([] if met else [name])


def test_figures_of_another_size_go_into_another_file():
    assert results(50_000).name == "bench.json"
    assert results(500).name == "bench-500.json"
