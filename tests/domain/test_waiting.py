"""Waiting lists: how long an offer stands, where it leads, what is asked before a seat is taken (R6.11)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain import gate_refusals as why
from bot.domain.catalogue import Registry
from bot.domain.enrollment import LEADS_TO, EnrollmentState
from bot.domain.gate import gate
from bot.domain.messages import Refusal
from bot.domain.money import ZERO
from bot.domain.waiting import answer_by, not_taken
from tests.domain.test_gate import CASE

S = EnrollmentState


def test_an_offer_stands_for_its_hours_from_the_moment_it_may_be_told() -> None:
    assert answer_by(datetime(2026, 9, 3, 6, tzinfo=UTC), 24) == datetime(2026, 9, 4, 6, tzinfo=UTC)


def test_a_place_is_kept_once() -> None:
    assert (not_taken(0), not_taken(1)) == (S.WAITLISTED, S.LEFT)
    assert {not_taken(0), not_taken(1)} < LEADS_TO[S.OFFERED]


@pytest.mark.parametrize(
    "lacks",
    [
        {"free": 0},
        {"balance": ZERO},
        {"funded": False},
        {"period_open": False},
        {"normative": CASE.price and CASE.price.share(1, 2)},
    ],
)
def test_waiting_asks_for_neither_seat_nor_money(lacks: dict[str, object]) -> None:
    assert isinstance(gate(replace(CASE, **lacks)), Refusal)  # type: ignore[arg-type]
    assert gate(replace(CASE, waiting=True, **lacks)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"certificate_state": "frozen"}, why.CertificateNotActive),
        ({"ages": (10, 12)}, why.TooYoungForProgram),
        ({"is_open": False}, why.GroupClosed),
        ({"agreed": False}, why.NoAgreement),
        ({"price": None}, why.PriceUnknown),
        ({"registry": Registry.COMMERCIAL}, why.NotOnCertificate),
    ],
)
def test_waiting_for_what_could_never_be_taken_is_refused(changes: dict[str, object], refusal: type[Refusal]) -> None:
    assert isinstance(gate(replace(CASE, waiting=True, free=0, **changes)), refusal)  # type: ignore[arg-type]
