"""What may be rated, and until when (R6, R7.1)."""

from datetime import date

import pytest

from bot.domain.enrollment import EnrollmentState, Reason
from bot.domain.rating import editable_until, may_be_rated

S = EnrollmentState


@pytest.mark.parametrize("state", [S.COMPLETED, S.TERMINATED])
def test_what_has_ended_is_rated_if_a_month_was_charged_or_it_was_free(state: EnrollmentState) -> None:
    assert may_be_rated(state, "", free=False, charged=True)
    assert may_be_rated(state, "", free=True, charged=False)
    assert not may_be_rated(state, "", free=False, charged=False)


@pytest.mark.parametrize("state", sorted(set(S) - {S.COMPLETED, S.TERMINATED}))
def test_what_goes_on_or_never_began_is_not_rated(state: EnrollmentState) -> None:
    assert not may_be_rated(state, "", free=True, charged=True)


def test_what_a_dispute_has_undone_is_not_rated() -> None:
    assert not may_be_rated(S.TERMINATED, Reason.DISPUTE, free=False, charged=True)
    assert may_be_rated(S.TERMINATED, "The child is ill", free=False, charged=True)


def test_a_rating_may_be_changed_for_fourteen_days() -> None:
    assert editable_until(date(2027, 6, 1), 14) == date(2027, 6, 15)
