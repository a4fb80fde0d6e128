"""A parent joins a waiting list, sees the place, takes a free one or lets it pass (R6.11)."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.dialogs.enrollment import ShowEnrollments
from bot.dialogs.enrollment_request import ConfirmRequest
from bot.dialogs.waiting import JoinWaitingList, ReadPlace, ShowWaiting
from bot.domain import gate_refusals as gate
from bot.domain.enrollment import EnrollmentState
from bot.domain.enrollment_facts import Requested
from bot.domain.enrollment_refusals import NotNow
from bot.domain.enrollment_seen import EnrollmentLine, GroupsOf, MyEnrollments, OneEnrollment, WeighRequest
from bot.domain.messages import NotYours
from bot.domain.money import ZERO, Money
from bot.domain.pricing import Installments
from bot.domain.waiting import (
    LeaveWaitingList,
    LeftWaitingList,
    OfferIsOver,
    PlaceNotTaken,
    PlaceSkipped,
    SeatIsFree,
    SkipPlace,
    TakePlace,
    ToWaitFor,
    WaitForPlace,
    Waitlisted,
    WeighWaiting,
)
from tests.dialogs.test_enrollment import CARD, GROUP, OFFERED, R46, R47, SHORT
from tests.story import Story

S = EnrollmentState
FULL = replace(GROUP, free=0)
NOTHING = Installments(ZERO, ZERO, 0)
WAITING = replace(
    CARD,
    state=S.WAITLISTED,
    group=FULL,
    start=None,
    stop=None,
    until=None,
    months=(),
    held=ZERO,
    certificate=NOTHING,
    parent=NOTHING,
    place=2,
)
FREE = replace(WAITING, state=S.OFFERED, place=0, offer_until=datetime(2017, 9, 5, 12, 0, tzinfo=UTC))
LIST = ToWaitFor("Anna", "Robots", "House of Arts", FULL, 1, 24)
TAKES = TakePlace(50, date(2017, 9, 4), R46)
SENT = Requested(1, 50, Money(879_206), Money(120_794), date(2017, 9, 8))


def at_the_free_place(**changes: object) -> Story:
    card = replace(FREE, **changes)  # type: ignore[arg-type]
    world = {
        OneEnrollment(50): card,
        GroupsOf(3): (FULL,),
        WeighRequest(1, 4, offer=50): OFFERED,
        WeighRequest(1, 4, date(2017, 9, 4), 50): OFFERED,
    }
    return Story(ReadPlace(50), world)


def test_a_full_group_leads_to_its_waiting_list() -> None:
    world = {WeighRequest(1, 4): gate.NoFreeSeat(4), GroupsOf(3): (FULL,), WeighWaiting(1, 4): LIST}
    parent = Story(
        ConfirmRequest(3, 1, 4), {**world, WaitForPlace(1, 4): Waitlisted(1, 50, 2), OneEnrollment(50): WAITING}
    )
    parent.taps("Join the waiting list")
    parent.sees("Anna: Robots", "1 family waits already", "keep it for 24 hours", "let one place pass")
    parent.taps("Put us on the list")
    parent.sees("you are in the waiting list", "number 2 in the waiting list", "Leave the waiting list")
    parent.does_not_see("Back", "Take the place")


def test_who_cannot_wait_reads_why() -> None:
    parent = Story(JoinWaitingList(4, 1), {WeighWaiting(1, 4): gate.TooOldForProgram(7, 12)})
    parent.sees("the child is older", "Find another club")
    parent.does_not_see("Put us on the list")


def test_a_place_that_has_just_become_free_is_asked_for_instead() -> None:
    parent = Story(JoinWaitingList(4, 1), {WeighWaiting(1, 4): LIST, WaitForPlace(1, 4): SeatIsFree(3, 1, 4)})
    parent.world[WeighWaiting(1, 4)] = SeatIsFree(3, 1, 4)
    parent.taps("Put us on the list")
    parent.sees("A place has just become free", "To the program")


def test_my_clubs_lead_straight_to_the_list_and_to_the_free_place() -> None:
    line = EnrollmentLine(50, "Anna", "Robots", S.OFFERED, None, None, None)
    parent = Story(ShowEnrollments(), {MyEnrollments(): (line,), OneEnrollment(50): FREE})
    parent.sees("a place is free: will you take it?")
    parent.taps("1. Robots")
    parent.sees("A place is free for you! It is kept until 5 September 12:00.", "Take the place")


def test_all_waiting_lists_behind_one_door() -> None:
    lines = tuple(EnrollmentLine(n, "Anna", f"Club {n}", S.WAITLISTED, None, None, None) for n in range(1, 8))
    running = EnrollmentLine(9, "Anna", "Chess", S.ACTIVE, date(2017, 9, 4), None, None)
    parent = Story(ShowWaiting(), {MyEnrollments(): (*lines, running), OneEnrollment(7): replace(WAITING, id=7)})
    parent.does_not_see("Chess", "Club 7")
    parent.taps("›")
    parent.taps("Club 7, Anna")
    parent.sees("number 2")


def test_in_no_list_the_way_there_is_told() -> None:
    Story(ShowWaiting(), {MyEnrollments(): ()}).sees("in no waiting list", "Find a club")


def test_the_free_place_is_taken_through_the_price_and_the_terms() -> None:
    parent = at_the_free_place()
    parent.world |= {TAKES: SENT}
    parent.taps("Take the place")
    parent.sees("The certificate pays: ₽8,792.06", "Send the request")
    parent.world[OneEnrollment(50)] = CARD
    parent.taps("Send the request")
    parent.sees("The request is sent!", "₽8,792.06 is set aside")


def test_the_own_part_of_a_free_place_is_agreed_apart() -> None:
    parent = at_the_free_place()
    parent.world |= {WeighRequest(1, 4, offer=50): SHORT, WeighRequest(1, 4, date(2017, 9, 1), 50): SHORT}
    parent.world[TakePlace(50, date(2017, 9, 1), R47, pays=True)] = SENT
    parent.taps("Take the place")
    parent.taps("Continue")
    parent.world[OneEnrollment(50)] = CARD
    parent.taps("I agree")
    parent.sees("The request is sent!")


def test_a_reason_in_the_way_leaves_time_to_mend_it() -> None:
    parent = at_the_free_place()
    parent.world[WeighRequest(1, 4, offer=50)] = gate.NoMoney(1, Money(879_206))
    parent.taps("Take the place")
    parent.sees("Nothing is left on the certificate", "Back to the free place")
    parent.taps("Back to the free place")
    parent.sees("It is kept until")


def test_what_could_not_be_taken_names_the_reason_and_what_became_of_the_place() -> None:
    for kept, words in ((True, "You stay in the list"), (False, "This was the second time")):
        parent = at_the_free_place()
        parent.world[TAKES] = PlaceNotTaken(1, 50, gate.NoMoney(1, Money(879_206)), kept)
        parent.taps("Take the place")
        parent.taps("Send the request")
        parent.sees("Nothing is left on the certificate", words)


def test_too_late_is_said() -> None:
    for late in (OfferIsOver(50), NotNow(50, S.LAPSED)):
        parent = at_the_free_place()
        parent.world[TAKES] = late
        parent.taps("Take the place")
        parent.world[OneEnrollment(50)] = replace(FREE, state=S.LAPSED, reason="no_answer")
        parent.taps("Send the request")
        parent.sees("The time to take this place is over", "there was no answer in time")


def test_a_place_is_let_pass_once() -> None:
    parent = at_the_free_place()
    parent.world |= {SkipPlace(50): PlaceSkipped(1, 50, 2)}
    parent.sees("once. Without an answer you leave the list")
    parent.world[OneEnrollment(50)] = replace(WAITING, skipped=True)
    parent.taps("Let it pass")
    parent.sees("you stay in the list", "number 2")
    second = at_the_free_place(skipped=True)
    second.sees("One place has passed already", "Take the place")
    second.does_not_see("Let it pass")


def test_leaving_asks_once_more() -> None:
    parent = Story(ReadPlace(50), {OneEnrollment(50): WAITING, MyEnrollments(): ()})
    parent.world[LeaveWaitingList(50)] = LeftWaitingList(1, 50, "guardian", "")
    parent.taps("Leave the waiting list")
    parent.sees("Leave the waiting list of «Robots»?", "you will be the last")
    parent.taps("Yes, leave the list")
    parent.sees("you are not in the list any more")


def test_a_child_cannot_leave_the_list_that_its_parents_joined() -> None:
    child = Story(ReadPlace(50), {OneEnrollment(50): replace(WAITING, rights="self"), LeaveWaitingList(50): NotYours()})
    child.taps("Leave the waiting list")
    child.taps("Yes, leave the list")
    child.sees("This is not available", "number 2")


def test_a_grandparent_looks_and_decides_nothing() -> None:
    grandmother = at_the_free_place(rights="read")
    grandmother.sees("A place is free for you!")
    grandmother.does_not_see("Take the place", "Let it pass", "Leave the waiting list")


def test_a_list_that_was_left_has_its_card() -> None:
    left = replace(WAITING, state=S.LEFT, reason="group_over")
    Story(ReadPlace(50), {OneEnrollment(50): left}).sees("not in the waiting list any more", "takes nobody any more")
