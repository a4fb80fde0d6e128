"""What is said to the staff about enrollments, in the office and in a terminal."""

from collections.abc import Mapping

from bot.dialogs.enrollment_words import REASONS
from bot.domain.enrollment import EnrollmentState
from bot.i18n import Words, _

S = EnrollmentState
STATES: Mapping[EnrollmentState, Words] = {
    S.REQUESTED: _("request"),
    S.CLAIMED: _("entered in person, the family is asked"),
    S.ACCEPTED: _("taken, the contract is to be concluded"),
    S.ACTIVE: _("learns"),
    S.COMPLETED: _("completed"),
    S.TERMINATED: _("ended early"),
    S.REFUSED: _("refused"),
    S.WITHDRAWN: _("withdrawn"),
    S.WAITLISTED: _("in the waiting list"),
    S.OFFERED: _("a seat is offered"),
    S.RENEWAL_OFFERED: _("asked whether it goes on"),
    S.LEFT: _("left the waiting list"),
    S.LAPSED: _("the offer has lapsed"),
}


def reason(code: str) -> Words:
    """Why, as the family was told."""
    return REASONS.get(code, code)
