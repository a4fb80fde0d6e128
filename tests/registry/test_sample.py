"""The sample registry that ships with the project: whole, readable, and in the proportions that were found."""

from collections import Counter

import pytest

from bot.registry.parsing import parse
from tools import make_sample_registry as sample


@pytest.fixture(scope="module")
def rows():
    content = sample.SAMPLE.read_bytes()
    assert len(content) < 300_000
    read = parse(sample.SAMPLE.name, content)
    assert read.errors == read.notes == ()
    return read.rows


@pytest.fixture(scope="module")
def programs(rows):
    return {row.program.key: row.program for row in rows}


def test_it_has_hundreds_of_programs_and_groups(rows, programs):
    assert len(programs) >= 300
    assert len(rows) >= 700


def test_it_is_what_the_script_makes(rows):
    assert parse("made.xlsx", sample.workbook(sample.lines())).rows == rows


def test_directions_have_the_shares_that_were_found(programs):
    found = Counter(program.direction for program in programs.values())
    for direction, count in sample.DIRECTIONS.items():
        share = count / sum(sample.DIRECTIONS.values())
        assert found[direction] / len(programs) == pytest.approx(share, abs=0.01)


def test_prices_have_the_shares_that_were_found(rows, programs):
    cheapest = {}
    for row in rows:
        prices = cheapest.setdefault(row.program.key, [])
        prices += [row.module.price.kopecks] if row.module.price else []
        prices += [0] if row.module.price is not None and not row.module.price else []
    kinds = Counter(
        "unknown" if not prices else "free" if min(prices) == 0 else "10001+" if min(prices) > 1_000_000 else "cheaper"
        for prices in cheapest.values()
    )
    for kind in ("unknown", "free", "10001+"):
        share = sample.PRICES[kind] / sum(sample.PRICES.values())
        assert kinds[kind] / len(programs) == pytest.approx(share, abs=0.01)


def test_every_municipality_and_every_place_has_a_certified_program_with_a_price(rows):
    with open(sample.DATA / "settlements.csv", encoding="utf-8") as file:
        municipalities = {row["municipality"] for row in sample.csv.DictReader(file)}
    priced = [row for row in rows if row.program.registry == "certified" and row.module.price and row.module.normative]
    assert {row.program.municipality for row in priced} == municipalities
    assert {row.group.district or row.group.settlement for row in priced} == set(sample.PLACES)


def test_every_group_has_a_timetable_a_place_and_a_known_activity(rows):
    with open(sample.DATA / "activities.csv", encoding="utf-8") as file:
        known = {(row["direction"], row["activity"]) for row in sample.csv.DictReader(file)}
    for row in rows:
        assert 1 <= len(row.group.lessons) <= 3
        assert row.group.address
        assert (row.program.direction, row.program.activity) in known
        assert 8 <= row.group.seats <= 20
