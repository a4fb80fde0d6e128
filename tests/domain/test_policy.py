"""The policy parameters of the rules: defaults, their JSON, and refusals that name the field."""

import json
from dataclasses import fields, replace
from datetime import date, time

import pytest

from bot.domain.calendar import Span
from bot.domain.policy import Policy


def test_the_defaults_are_those_of_the_rules():
    policy = Policy()
    assert (policy.min_age, policy.max_age, policy.visit_days, policy.decision_working_days) == (5, 18, 30, 3)
    assert (policy.quiet_from, policy.quiet_until) == (time(21), time(9))
    assert policy.blackout is None and policy.accounting_limit is None


def test_every_parameter_cites_its_rule():
    for each in fields(Policy):
        assert each.metadata["meaning"].startswith("R"), each.name


@pytest.mark.parametrize(
    "policy",
    [
        Policy(),
        Policy(
            blackout=Span(date(2026, 8, 1), date(2026, 8, 31)),
            quiet_from=time(22, 30),
            expiry_warning_days=(),
            accounting_limit=2,
            snils="absent",
            prorate_grant=True,
        ),
    ],
)
def test_a_policy_survives_json(policy):
    assert Policy.from_document(json.loads(json.dumps(policy.to_document()))) == policy


def test_a_field_left_out_has_its_default():
    assert Policy.from_document({"visit_days": 14}) == replace(Policy(), visit_days=14)


def test_a_stored_field_of_a_newer_version_is_passed_over_and_a_new_one_from_outside_is_refused() -> None:
    document = {"visit_days": 14, "of_tomorrow": 1}
    assert Policy.stored(document) == replace(Policy(), visit_days=14)
    with pytest.raises(ValueError, match="no such field"):
        Policy.from_document(document)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("min_age", "5"),
        ("min_age", -1),
        ("min_age", True),
        ("min_age", 5.0),
        ("max_age", 19),
        ("max_age", 5),
        ("conversion", "never"),
        ("snils", []),
        ("unit", "hours_per_week"),
        ("prorate_grant", 1),
        ("visit_days", None),
        ("parent_pay_day", 31),
        ("advance_limit_percent", 101),
        ("accounting_limit", "two"),
        ("quiet_from", "25:00"),
        ("quiet_from", "21:00+03:00"),
        ("quiet_until", 9),
        ("expiry_warning_days", [3, 14, 30]),
        ("expiry_warning_days", [14, 14]),
        ("expiry_warning_days", [0]),
        ("expiry_warning_days", "30"),
        ("blackout", {"start": "2026-08-31", "stop": "2026-08-01"}),
        ("blackout", {"start": "2026-08-31"}),
        ("blackout", {"start": "2026-08-01", "stop": "2026-08-31", "why": "summer"}),
        ("colour", "green"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value):
    named = "min_age" if (name, value) == ("max_age", 5) else name
    with pytest.raises(ValueError, match=f"^{named}: "):
        Policy.from_document({name: value})


@pytest.mark.parametrize(("name", "value"), [("visit_days", 0), ("quiet_from", "21:00"), ("expiry_warning_days", [30])])
def test_a_policy_cannot_be_made_wrong_in_code_either(name, value):
    with pytest.raises(ValueError, match=f"^{name}: "):
        Policy(**{name: value})
