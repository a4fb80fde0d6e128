"""Stories about money: the balance, the history, the payments to come, «this was not us» (R3.9, R6.8)."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.dialogs.charge import QuestionCharge, ReadCharge
from bot.dialogs.doors import open_door
from bot.dialogs.forecast import ShowForecast, WeighLeaving
from bot.dialogs.money import ChooseWhose, ShowBalance
from bot.dialogs.money_history import ShowHistory
from bot.domain.calendar import Month, Span
from bot.domain.enrollment import OpenDispute
from bot.domain.enrollment_facts import DisputeOpened
from bot.domain.enrollment_refusals import DisputeIsOpen
from bot.domain.family import ChildSeen, MyChildren, Rights
from bot.domain.fitting import SetsFor, SetsSeen
from bot.domain.forecast import Expected, Forecast, ForecastSeen, Leaving, PurseAhead
from bot.domain.home import HomeNews, News
from bot.domain.ledger import Why
from bot.domain.messages import NotYours
from bot.domain.money import ZERO, Money
from bot.domain.movements import (
    Balance,
    BalanceSeen,
    ChargeSeen,
    History,
    HistoryPage,
    Line,
    OneCharge,
    PeriodBalance,
)
from tests.story import CONSENTED, Story

ANNA = ChildSeen(7, "Anna", "Petrova", date(2017, 3, 14), Rights.FULL)
BORIS = ChildSeen(8, "Boris", "Petrov", date(2019, 1, 2), Rights.FULL)
THIS_YEAR = PeriodBalance(1, date(2026, 9, 1), date(2027, 5, 31), Money(610_000), Money(300_000), Money(90_000))
NEXT_YEAR = PeriodBalance(2, date(2027, 6, 1), date(2028, 5, 31), Money(1_500_000), ZERO, ZERO)
FUNDED = BalanceSeen(7, "Anna", 5, "funded", (THIS_YEAR,))
SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
PAID = ChargeSeen(7, "Anna", "Robots", "House of Arts", date(2026, 10, 1), Money(100_000), ZERO, False, True)


def test_a_parent_of_one_child_sees_its_money_at_once() -> None:
    parent = Story(ChooseWhose(), {MyChildren(): (ANNA,), Balance(7): FUNDED})
    parent.sees("Anna: the certificate's money.", "Free: ₽6,100", "Put aside for chosen clubs: ₽3,000")
    parent.sees("Paid already: ₽900", "after May 31, 2027 goes back to the budget")
    parent.does_not_see("For clubs from")


def test_a_parent_of_several_children_is_asked_whose() -> None:
    parent = Story(ChooseWhose(), {MyChildren(): (ANNA, BORIS), Balance(8): replace(FUNDED, first_name="Boris")})
    parent.taps("Boris")
    parent.sees("Boris: the certificate's money.")
    parent.taps("Back")
    parent.sees("Whose certificate?")
    parent.types("hello")
    parent.sees("Please choose one of the buttons.", "Anna")


def test_a_parent_without_children_is_told_where_to_begin() -> None:
    Story(ChooseWhose(), {MyChildren(): ()}).sees("no child here yet", "Certificate")


def test_the_next_period_is_shown_beside_this_one_once_it_is_open() -> None:
    parent = Story(ShowBalance(7), {Balance(7): replace(FUNDED, periods=(THIS_YEAR, NEXT_YEAR))})
    parent.sees(
        "For clubs from September 1, 2026 to May 31, 2027:",
        "For clubs from June 1, 2027 to May 31, 2028:",
        "Free: ₽15,000",
    )


def test_a_certificate_without_money_explains_itself() -> None:
    reasons = {
        "accounting": "it carries no money",
        "funded": "nothing was put onto the certificate yet",
        "pending": "not issued yet",
        "": "has no certificate yet",
    }
    for kind, reason in reasons.items():
        parent = Story(ShowBalance(7), {Balance(7): BalanceSeen(7, "Anna", 5, kind)})
        parent.sees(reason, "Certificate")


def test_somebody_elses_child_is_nobody() -> None:
    answers: dict[Any, Any] = {Balance(7): None, History(7): None, Forecast(7): None, OneCharge(5, OCTOBER): None}
    for state in (ShowBalance(7), ShowHistory(7), ShowForecast(7), ReadCharge(5, OCTOBER)):
        Story(state, answers).sees("I cannot find this among your children")


def history(page: int) -> HistoryPage:
    entries = (
        Line(4, date(2026, 10, 1), Why.CHARGE, Money(100_000), 5, "Robots", OCTOBER, page == 0),
        Line(3, date(2026, 9, 20), Why.LESSONS, Money(28_571), 5, "Robots", SEPTEMBER),
        Line(2, date(2026, 9, 2), Why.RESERVE, Money(-390_000), 5, "Robots"),
        Line(1, date(2026, 9, 1), Why.GRANT, Money(1_000_000)),
    )
    return HistoryPage("Anna", entries, page, 2)


def test_every_movement_is_explained_in_one_line() -> None:
    parent = Story(ShowBalance(7), {Balance(7): FUNDED, History(7): history(0), History(7, 1): history(1)})
    parent.taps("History")
    parent.sees("September 1, 2026: +₽10,000. The municipality put the certificate's sum")
    parent.sees("September 2, 2026: −₽3,900. Put aside for «Robots».")
    parent.sees("September 20, 2026: +₽285.71. «Robots». Lessons were cancelled in September 2026")
    parent.sees(
        "October 1, 2026: ₽1,000. Paid for «Robots», October 2026, out of what was put aside. You questioned it"
    )
    parent.sees("Page 1 of 2.")
    parent.taps("›")
    parent.sees("Page 2 of 2.")
    parent.does_not_see("You questioned it")
    parent.taps("Back")
    parent.sees("Free: ₽6,100")


def test_every_cause_of_a_movement_has_its_words() -> None:
    for why in Why:
        line = Line(1, date(2026, 10, 1), why, Money(5_00), 5, "Robots", OCTOBER)
        Story(ShowHistory(7), {History(7): HistoryPage("Anna", (line,), 0, 1)}).sees("October 1, 2026", "₽5")


def test_a_history_without_movements_says_so() -> None:
    Story(ShowHistory(7), {History(7): HistoryPage("Anna", (), 0, 1)}).sees("no money has moved yet")


AHEAD = (PurseAhead(1, THIS_YEAR.start, THIS_YEAR.until, Money(610_000), Money(150_000), Money(620_000)),)
EXPECTED = (
    Expected(OCTOBER, 5, "Robots", Money(100_000), ZERO, date(2026, 10, 1), date(2026, 11, 10)),
    Expected(OCTOBER, 6, "Dance", Money(50_000), Money(6_861), date(2026, 10, 1), date(2026, 11, 10), Money(10_000)),
    Expected(OCTOBER.next, 6, "Dance", ZERO, Money(6_861), date(2026, 11, 1), date(2026, 12, 10), settled=False),
)
LEAVE_ROBOTS = Leaving(5, "Robots", date(2026, 10, 31), ZERO, Money(200_000), Money(810_000), THIS_YEAR.until)
GIVE_DANCE_BACK = Leaving(6, "Dance", None, ZERO, Money(50_000), Money(660_000), THIS_YEAR.until)


def test_the_calendar_of_money_says_who_pays_what_on_which_day_and_what_burns() -> None:
    parent = Story(ShowBalance(7), {Balance(7): FUNDED, Forecast(7): ForecastSeen(7, "Anna", EXPECTED, AHEAD)})
    parent.taps("Payments to come")
    parent.sees("Anna: the calendar of money.", "Free: ₽6,100", "Put aside for chosen clubs: ₽1,500")
    parent.sees("October 1, 2026:", "«Robots»: the certificate pays ₽1,000.", "November 1, 2026:")
    parent.sees("«Dance»: you pay the provider ₽68.61 by November 10, 2026.", "₽100 come back for cancelled lessons")
    parent.sees("After May 31, 2027 what is free then burns, if nothing else is chosen: ₽6,200.")
    parent.sees("never comes out of the certificate", "Requests that wait for an answer are counted")
    assert parent.text.count("October 1, 2026:") == 1
    parent.does_not_see("If we leave a club", "For clubs from")
    parent.world[SetsFor(7)] = SetsSeen(7, "Anna", None, ZERO, why="no_money")
    parent.taps("What fits the rest")
    parent.sees("Nothing is free on the certificate now")


def test_nothing_to_come_and_nothing_to_burn() -> None:
    nothing = (PurseAhead(1, THIS_YEAR.start, THIS_YEAR.until, ZERO, ZERO, ZERO),)
    parent = Story(ShowForecast(7), {Forecast(7): ForecastSeen(7, "Anna", (), nothing)})
    parent.sees("No payments are to come.")
    parent.does_not_see("burns", "What fits the rest")


def test_what_leaving_would_change_is_counted_without_leaving() -> None:
    seen = ForecastSeen(7, "Anna", EXPECTED, AHEAD, (LEAVE_ROBOTS, GIVE_DANCE_BACK))
    parent = Story(ShowForecast(7), {Forecast(7): seen})
    parent.taps("If we leave a club")
    parent.sees("nothing is changed", "Robots", "Dance")
    parent.taps("Robots")
    parent.sees("If you leave «Robots» today (nothing is changed yet):", "The last day is October 31, 2026")
    parent.sees(
        "Returns to the certificate at once: ₽2,000.", "Free on the certificate then: ₽8,100.", "May 31, 2027 burns"
    )
    parent.taps("Back")
    parent.taps("Dance")
    parent.sees("₽500", "Of your own part you would not pay ₽137.22 more.")
    parent.does_not_see("The last day")
    fitting = SetsSeen(7, "Anna", Span(THIS_YEAR.start, THIS_YEAR.until), Money(660_000), leaving="Dance")
    parent.world[SetsFor(7, without=6)] = fitting
    parent.taps("What fits instead")
    parent.sees("Anna, if «Dance» is left today: ₽6,600 are free.", "No club fits now")


def test_with_one_club_it_is_not_asked_which() -> None:
    due = replace(LEAVE_ROBOTS, due=Money(90_000))
    parent = Story(WeighLeaving(7), {Forecast(7): ForecastSeen(7, "Anna", EXPECTED, AHEAD, (due,))})
    parent.sees("If you leave «Robots» today", "The month that has begun is paid first: ₽900", "Open the club")
    parent.world[Forecast(7)] = ForecastSeen(7, "Anna", ())
    parent.types("well")
    parent.sees("I cannot find this among your children")


def test_a_year_of_many_clubs_comes_in_pages() -> None:
    many = tuple(replace(EXPECTED[0], day=date(2026, 10, day), program="R" * 300) for day in range(1, 29))
    parent = Story(ShowForecast(7), {Forecast(7): ForecastSeen(7, "Anna", many, AHEAD)})
    assert len(parent.text) < 4_000
    for _page in range(3):
        parent.taps("›")
    parent.sees("October 28, 2026", "After May 31, 2027")


def test_a_payment_can_be_questioned_after_an_explanation() -> None:
    wish = OpenDispute(5, OCTOBER)
    parent = Story(ShowHistory(7), {History(7): history(1), OneCharge(5, OCTOBER): PAID, wish: DisputeOpened(7, 5)})
    parent.taps("Robots, October 2026")
    parent.sees(
        "The certificate paid ₽1,000 to House of Arts on October 1, 2026", "whether or not the child came", "The club"
    )
    parent.taps("This was not us")
    parent.sees("Did nobody of your family enrol Anna in «Robots»?", "this club is paid nothing more")
    assert wish not in parent.asked
    parent.world[OneCharge(5, OCTOBER)] = replace(PAID, disputed=True, may_dispute=False)
    parent.taps("Yes, this was not us")
    parent.sees("The municipality has your question", "You questioned it")
    parent.does_not_see("whether or not")


def test_second_thoughts_question_nothing() -> None:
    parent = Story(ReadCharge(5, OCTOBER), {OneCharge(5, OCTOBER): PAID})
    parent.taps("This was not us")
    parent.types("eh?")
    parent.sees("Please choose one of the buttons.")
    parent.taps("No, it is all right")
    parent.sees("The certificate paid ₽1,000")


def test_what_stands_in_the_way_of_a_question_is_said() -> None:
    for fact, reason in ((DisputeIsOpen(5), "looked into already"), (NotYours(), "ask the municipality")):
        parent = Story(ReadCharge(5, OCTOBER), {OneCharge(5, OCTOBER): PAID, OpenDispute(5, OCTOBER): fact})
        parent.taps("This was not us")
        parent.taps("Yes")
        parent.sees(reason, "The certificate paid ₽1,000")


def test_who_may_only_see_cannot_question() -> None:
    grandmother = replace(PAID, may_dispute=False, refunded=Money(20_000))
    world: dict[Any, Any] = {OneCharge(5, OCTOBER): grandmother}
    parent = Story(ReadCharge(5, OCTOBER), world)
    parent.sees("Of it ₽200 came back.")
    parent.does_not_see("This was not us")
    Story(QuestionCharge(5, OCTOBER), world).does_not_see("Yes, this was not us")


def test_the_doors_of_money() -> None:
    assert open_door("money") == ChooseWhose()
    assert open_door("money:7") == ShowBalance(7)
    assert open_door("history:7") == ShowHistory(7)
    assert open_door("forecast:7") == ShowForecast(7)
    assert open_door("charge:5:2026-10") == ReadCharge(5, OCTOBER)
    for nonsense in ("money:x", "history:", "charge:5", "charge:5:october", "charge:x:2026-10", "forecast:"):
        assert open_door(nonsense) is None


def test_money_is_never_shown_on_an_impersonal_channel() -> None:
    world: dict[Any, Any] = {HomeNews(): News()}
    reader = replace(CONSENTED, impersonal=True)
    for state in (
        ChooseWhose(),
        ShowBalance(7),
        ShowHistory(7),
        ShowForecast(7),
        ReadCharge(5, OCTOBER),
        QuestionCharge(5, OCTOBER),
    ):
        assert state.about_child
    from bot.domain.home import OtherChannels

    parent = Story(ShowBalance(7), {**world, OtherChannels(): ()}, reader=reader)
    parent.does_not_see("Anna", "₽")
