"""Events on a real database: found by place and age, signed up for once, reminded of, called off."""

from datetime import UTC, date, datetime
from typing import Any

from icalendar import Calendar

from bot.domain.event import (
    AddEvent,
    AgeDoesNotFitEvent,
    CalendarFile,
    CallOffEvent,
    CancelSignup,
    ChildForEvent,
    ChildrenForEvent,
    EventAdded,
    EventCalledOff,
    EventIsCalledOff,
    EventIsFull,
    EventIsOver,
    EventPlace,
    EventPlaces,
    FindEvents,
    Guest,
    GuestsOf,
    ListEventWork,
    MySignups,
    NotSignedUp,
    OneEvent,
    OneSignup,
    ReasonForFamilies,
    SignedUp,
    SignedUpAlready,
    SignUp,
    SignupCancelled,
    WrongEvent,
)
from bot.domain.messages import NotYours, operator
from bot.domain.messages import provider as provider_of
from bot.storage import schema
from bot.storage.event import daily
from tests.storage.test_enrollment_races import at_once
from tests.storage.town import Town

NOON = datetime(2026, 10, 3, 12, 0)  # a Saturday, local time in Moscow: 09:00 UTC


def publishes(town: Town, title: str = "Open day", starts: datetime = NOON, **values: Any) -> int:
    wish = {"age_min": 7, "age_max": 12, "seats": 2, "district": "Leninsky", "address": "Lenin street, 1", **values}
    fact = town.does(AddEvent(town.municipality, title, starts, **wish), town.operator)
    assert isinstance(fact, EventAdded), fact
    return fact.event


def family(town: Town, **child: Any) -> tuple[int, int]:
    guardian = town.person()
    return guardian, town.child(guardian, **child)


# --- finding ----------------------------------------------------------------------------------------------------------


def test_events_are_found_by_district_and_age_the_soonest_first(town: Town) -> None:
    guardian, _child = family(town)
    far = town.adds(schema.district, municipality=town.municipality, name="Far")
    late = publishes(town, "Late", datetime(2026, 11, 1, 10))
    soon = publishes(town, "Soon", datetime(2026, 9, 5, 10))
    teens = publishes(town, "Teens", datetime(2026, 10, 1, 10), age_min=13, age_max=17, district="Far")

    def found(**asked: int) -> list[int]:
        return [line.id for line in town.asks(FindEvents(**asked), guardian).lines]

    assert found() == [soon, teens, late]
    assert found(district=town.district) == [soon, late]
    assert found(age=12) == [soon, late]
    assert found(age=13) == [teens]
    assert found(district=far, age=9) == []
    assert town.asks(FindEvents(district=far), guardian).place == "Far"
    assert town.asks(EventPlaces(), guardian) == (EventPlace(far, "Far"), EventPlace(town.district, "Leninsky"))


def test_a_list_has_five_a_page_and_a_page_that_is_gone_is_the_last(town: Town) -> None:
    guardian, _child = family(town)
    made = [publishes(town, f"Event {hour}", datetime(2026, 10, 3, hour)) for hour in range(8, 14)]
    first, last = town.asks(FindEvents(), guardian), town.asks(FindEvents(page=9), guardian)
    assert ([line.id for line in first.lines], first.total, first.pages) == (made[:5], 6, 2)
    assert ([line.id for line in last.lines], last.page) == (made[5:], 1)


def test_what_has_begun_is_called_off_or_is_elsewhere_is_not_found(town: Town) -> None:
    guardian, _child = family(town)
    begun, off = publishes(town, "Begun", datetime(2026, 9, 1, 13)), publishes(town, "Off")
    town.does(CallOffEvent(off, "The teacher is ill"), town.operator)
    away = town.adds(schema.municipality, code="x", name="X", zone="Asia/Omsk", number_prefix="5500", policy="{}")
    town.does(AddEvent(away, "Away", NOON, 5, 17), operator(away))
    town.passes(hours=2)
    assert town.asks(FindEvents(), guardian).total == 0
    assert town.asks(EventPlaces(), guardian) == ()
    for event, why in ((begun, EventIsOver(begun)), (off, EventIsCalledOff(off))):
        card = town.asks(OneEvent(event), guardian)
        assert card is not None and card.why_not == why
    assert town.asks(OneEvent(off + 100), guardian) is None


def test_a_card_tells_the_time_of_the_municipality_and_the_seats_that_are_left(town: Town) -> None:
    guardian, child = family(town)
    event = publishes(town, provider=town.provider, description="Bring shoes")
    town.does(SignUp(event, child), guardian)
    card = town.asks(OneEvent(event), guardian)
    assert card is not None
    assert (card.line.starts.isoformat(), card.line.free) == ("2026-10-03T12:00:00+03:00", 1)
    assert (card.line.place, card.address, card.provider) == ("Leninsky", "Lenin street, 1", "House of Arts")
    unlimited = town.asks(OneEvent(publishes(town, seats=None)), guardian)
    assert unlimited is not None and unlimited.line.free is None


def test_the_calendar_file_has_the_instant_the_place_and_no_child(town: Town) -> None:
    guardian, child = family(town, first_name="Polina")
    event = publishes(town, "Robots; day, one", description="Bring\nshoes")
    town.does(SignUp(event, child), guardian)
    written = town.asks(CalendarFile(event), guardian)
    [entry] = Calendar.from_ical(written).walk("VEVENT")
    assert entry.decoded("DTSTART") == datetime(2026, 10, 3, 9, tzinfo=UTC)
    assert (str(entry["SUMMARY"]), str(entry["LOCATION"])) == ("Robots; day, one", "Leninsky, Lenin street, 1")
    assert str(entry["UID"]) == f"event-{event}@kruzhok" and str(entry["STATUS"]) == "CONFIRMED"
    assert "Polina" not in written
    assert town.asks(CalendarFile(event + 100), guardian) == ""


# --- signing up -------------------------------------------------------------------------------------------------------


def test_a_child_is_signed_up_once_and_the_other_guardian_is_told(town: Town) -> None:
    mother, father = town.person(), town.person()
    child = town.child(mother, father)
    event = publishes(town)
    fact = town.does(SignUp(event, child), mother)
    assert isinstance(fact, SignedUp) and (fact.child, fact.event) == (child, event)
    assert town.does(SignUp(event, child), father) == SignedUpAlready(event, child)
    assert [who for who, _kind, _told in town.notices("SignedUp")] == [father]
    [line] = town.asks(MySignups(), father)
    assert (line.event, line.child, line.called_off) == (event, child, False)


def test_a_full_event_refuses_and_a_cancelled_sign_up_frees_the_place(town: Town) -> None:
    event = publishes(town, seats=1)
    (mother, child), (other, second) = family(town), family(town)
    town.does(SignUp(event, child), mother)
    assert town.does(SignUp(event, second), other) == EventIsFull(event)
    assert town.does(CancelSignup(event, child), mother) == SignupCancelled(child, event)
    assert town.does(CancelSignup(event, child), mother) == NotSignedUp(event)
    assert isinstance(town.does(SignUp(event, second), other), SignedUp)
    assert town.asks(MySignups(), mother) == ()


def test_the_last_place_goes_to_one_of_two_at_once(town: Town, database_url: str) -> None:
    for _round in range(5):
        event = publishes(town, seats=1)
        (mother, child), (other, second) = family(town), family(town)
        facts = at_once(town, database_url, (SignUp(event, child), mother), (SignUp(event, second), other))
        assert sorted(type(fact).__name__ for fact in facts) == ["EventIsFull", "SignedUp"]


def test_the_age_must_fit_on_the_day_of_the_event(town: Town) -> None:
    mother, child = family(town, born=date(2019, 10, 4))
    event, next_day = publishes(town), publishes(town, starts=datetime(2026, 10, 4, 0, 30))
    too_young = AgeDoesNotFitEvent(event, 6, 7, 12)
    assert town.does(SignUp(event, child), mother) == too_young
    [seen] = town.asks(ChildrenForEvent(event), mother)
    assert (seen.id, seen.why_not) == (child, too_young)
    assert isinstance(town.does(SignUp(next_day, child), mother), SignedUp), "half past midnight of the birthday, local"


def test_nobody_signs_up_for_what_has_begun_or_is_called_off(town: Town) -> None:
    mother, child = family(town)
    begun, off = publishes(town, starts=datetime(2026, 9, 1, 13)), publishes(town)
    town.does(SignUp(begun, child), mother)
    town.does(CallOffEvent(off, "No heating"), town.operator)
    town.passes(hours=1)
    second = town.child(mother)
    assert town.does(SignUp(begun, second), mother) == EventIsOver(begun)
    assert town.does(CancelSignup(begun, child), mother) == EventIsOver(begun)
    assert town.does(SignUp(off, child), mother) == EventIsCalledOff(off)


def test_a_child_of_fourteen_signs_itself_up_and_a_grandparent_only_looks(town: Town) -> None:
    mother, granny, teenager = town.person(), town.person(), town.person()
    child = town.child(mother, born=date(2012, 1, 1), first_name="Polina")
    for who, rights in ((granny, "read"), (teenager, "self")):
        town.adds(schema.guardianship, person=who, child=child, rights=rights, since=town.now)
    event = publishes(town, age_max=17)
    assert town.asks(ChildrenForEvent(event), granny) == ()
    assert town.does(SignUp(event, child), granny) == NotYours()
    assert town.asks(ChildrenForEvent(event), teenager) == (ChildForEvent(child, "Polina"),)
    assert isinstance(town.does(SignUp(event, child), teenager), SignedUp)
    seen = town.asks(OneSignup(event, child), granny)
    assert seen is not None and not seen.may_cancel
    assert town.does(CancelSignup(event, child), granny) == NotYours()
    seen = town.asks(OneSignup(event, child), mother)
    assert seen is not None and seen.may_cancel


def test_somebody_elses_child_is_not_there(town: Town) -> None:
    (mother, child), (stranger, _other) = family(town), family(town)
    event = publishes(town)
    assert town.does(SignUp(event, child), stranger) == NotYours()
    town.does(SignUp(event, child), mother)
    assert town.does(CancelSignup(event, child), stranger) == NotYours()
    assert town.asks(OneSignup(event, child), stranger) is None
    assert town.asks(MySignups(), stranger) == ()
    assert town.does(SignUp(event + 100, child), mother) == NotYours()
    assert town.does(SignUp(event, child), town.operator) == NotYours()


# --- the day before, and the end of an event -------------------------------------------------------------------------


def lives(town: Town, day: date, hour: int = 9) -> None:
    town.comes(day, hour)
    town.run(lambda tx: daily(tx, town.municipality, day))


def test_the_family_is_reminded_once_on_the_day_before_after_the_quiet_hours(town: Town) -> None:
    mother, child = family(town)
    event = publishes(town, starts=datetime(2026, 10, 3, 0, 30))
    town.does(SignUp(event, child), mother)
    lives(town, date(2026, 10, 1))
    assert town.notices("EventTomorrow") == []
    town.comes(date(2026, 10, 1), 21)  # midnight in Moscow
    town.run(lambda tx: daily(tx, town.municipality, date(2026, 10, 2)))
    lives(town, date(2026, 10, 2))
    [(who, _kind, told)] = town.notices("EventTomorrow")
    assert (who, told["event"], told["child"], told["starts"]) == (mother, event, child, "2026-10-03T00:30:00+03:00")
    table = schema.outbox
    [row] = town.run(lambda tx: tx.rows(table.select().where(table.c.kind == "EventTomorrow")))
    assert row.not_before == datetime(2026, 10, 2, 6, tzinfo=UTC), "09:00 in Moscow"


def test_nobody_is_reminded_of_what_is_called_off_cancelled_or_over(town: Town) -> None:
    mother, child = family(town)
    off, cancelled, begun = publishes(town, "Off"), publishes(town, "Cancelled"), publishes(town, "Begun")
    for event in (off, cancelled, begun):
        town.does(SignUp(event, child), mother)
    town.does(CallOffEvent(off, "No heating"), town.operator)
    town.does(CancelSignup(cancelled, child), mother)
    town.comes(date(2026, 10, 3), 10)
    town.run(lambda tx: daily(tx, town.municipality, date(2026, 10, 2)))
    assert town.notices("EventTomorrow") == []


def test_calling_off_tells_every_family_why_and_the_sign_up_says_so(town: Town) -> None:
    event = publishes(town)
    families = [family(town), family(town)]
    for guardian, child in families:
        town.does(SignUp(event, child), guardian)
    assert town.does(CallOffEvent(event, " "), town.operator) == ReasonForFamilies(event)
    assert town.does(CallOffEvent(event, "No heating"), town.operator) == EventCalledOff(event, 2)
    assert town.does(CallOffEvent(event, "No heating"), town.operator) == EventIsCalledOff(event)
    told = town.notices("EventLost")
    assert [(who, values["child"], values["reason"]) for who, _kind, values in told] == [
        (guardian, child, "No heating") for guardian, child in families
    ]
    [line] = town.asks(MySignups(), families[0][0])
    assert line.called_off


# --- the staff --------------------------------------------------------------------------------------------------------


def test_an_event_that_makes_no_sense_is_refused_by_its_field(town: Town) -> None:
    def refused(**values: Any) -> object:
        wish = {"title": "Open day", "starts": NOON, "age_min": 7, "age_max": 12, **values}
        return town.does(AddEvent(town.municipality, **wish), town.operator)

    assert refused(title="  ") == refused(title="x" * 201) == WrongEvent("title")
    assert refused(description="x" * 2001) == WrongEvent("description")
    assert refused(starts=datetime(2026, 9, 1, 12)) == WrongEvent("starts"), "it is noon already"
    assert refused(age_min=13) == refused(age_min=-1) == WrongEvent("ages")
    assert refused(seats=0) == WrongEvent("seats")
    assert refused(district="Nowhere") == WrongEvent("district")
    assert refused(provider=town.provider + 1) == WrongEvent("provider")
    assert isinstance(refused(starts=datetime(2026, 9, 1, 12, 1)), EventAdded)


def test_the_staff_sees_its_own_events_and_who_comes(town: Town) -> None:
    mother = town.person(phone="+79161234567")
    child = town.child(mother, first_name="Polina", surname="Petrova")
    theirs, other = publishes(town, "Theirs", provider=town.provider), publishes(town, "Other")
    town.does(SignUp(theirs, child), mother)
    work = town.asks(ListEventWork(), town.operator)
    assert [(each.line.id, each.signed_up) for each in work] == [(theirs, 1), (other, 0)]
    me = provider_of(town.provider)
    assert [each.line.id for each in town.asks(ListEventWork(), me)] == [theirs]
    guests = (Guest("Polina Petrova", 9, "+79161234567"),)
    assert town.asks(GuestsOf(theirs), town.operator) == town.asks(GuestsOf(theirs), me) == guests
    assert town.asks(GuestsOf(other), me) is None
    for stranger in (operator(town.municipality + 1), provider_of(town.provider + 1), town.actor(mother)):
        assert town.asks(GuestsOf(theirs), stranger) is None
        assert town.asks(ListEventWork(), stranger) == ()
        assert town.does(CallOffEvent(theirs, "x"), stranger) == NotYours()
    assert town.does(AddEvent(town.municipality, "x", NOON, 5, 9), operator(town.municipality + 1)) == NotYours()
    town.comes(date(2026, 10, 4))
    assert town.asks(ListEventWork(), town.operator) == ()
    assert [each.line.id for each in town.asks(ListEventWork(past=True), town.operator)] == [theirs, other]
