"""The family's week, what it clashes with, and its calendar for the phone; and nobody else's."""

from datetime import UTC, date, datetime, time
from typing import Any

import httpx
import pytest
from icalendar import Calendar
from sqlalchemy import select
from starlette.applications import Starlette

from bot.domain.calendar_link import (
    CalendarLinkCut,
    CalendarLinkMade,
    CalendarLinkSeen,
    CutCalendarLink,
    MakeCalendarLink,
    MyCalendarLink,
    NoAddress,
)
from bot.domain.enrollment import EndEnrollment, RequestEnrollment, SwitchGroup
from bot.domain.enrollment_facts import GroupSwitched, Requested
from bot.domain.enrollment_seen import Offered, Switched, WeighRequest, WeighSwitch
from bot.domain.gate_refusals import LessonsClash
from bot.domain.messages import NotYours
from bot.domain.privacy import DeleteMe, WithdrawConsent
from bot.domain.week import MyWeek, WeekFile
from bot.handlers.calendar_link import CalendarFeed
from bot.storage import schema
from bot.storage.calendar_link import PUBLIC_URL
from tests.storage.families import Family, held
from tests.storage.town import Town


class Petrovs(Family):
    """Anna, who learns Robots on Tuesdays and Thursdays from 15 to 16, from 3 September on."""

    def __init__(self, town: Town) -> None:
        super().__init__(town, first_name="Anna")
        self.group = town.group(name="Robots")
        self.robots = self.learns(self.group)


@pytest.fixture
def family(town: Town) -> Petrovs:
    return Petrovs(town)


def sibling(family: Petrovs, **values: Any) -> int:
    child = family.town.child(family.guardian, first_name="Boris", **values)
    family.town.certificate(child)
    return child


def elsewhere(town: Town, group: int, **lesson: Any) -> int:
    """The group meets in another district; with one lesson of its own, if told so."""
    district = town.adds(schema.district, municipality=town.municipality, name=f"Far {group}")
    table = schema.group.update().where(schema.group.c.id == group)
    town.run(lambda tx: tx.sql(table.values(district=district, address="Far street, 9")))
    if lesson:
        town.adds(schema.lesson, **{"group": group, **lesson})
    return group


def seen(family: Petrovs, group: int, child: int = 0) -> Offered:
    answer = family.town.asks(WeighRequest(child or family.child, group), family.guardian)
    assert isinstance(answer, Offered), answer
    return answer


def test_a_clash_of_the_child_is_refused_until_it_was_seen(town: Town, family: Petrovs) -> None:
    chess = town.group(name="Chess", price=10_000)
    offered = seen(family, chess)
    assert [(each.course.program, each.lesson.weekday, each.first) for each in offered.clashes] == [
        ("Robots", 2, date(2026, 9, 8)),
        ("Robots", 4, date(2026, 9, 3)),
    ][::-1]
    assert offered.torn == ()
    wish = RequestEnrollment(family.child, chess, offered.start, offered.quote)
    assert town.does(wish, family.guardian) == LessonsClash((family.robots,))
    anyway = RequestEnrollment(family.child, chess, offered.start, offered.quote, all_the_same=True)
    assert isinstance(town.does(anyway, family.guardian), Requested)


def test_no_clash_with_what_is_over_by_then(town: Town, family: Petrovs) -> None:
    town.comes(date(2026, 9, 3))
    town.does(EndEnrollment(family.robots, date(2026, 9, 30)), family.guardian)
    chess = town.group(name="Chess", price=10_000, start=date(2026, 10, 1))
    assert seen(family, chess).clashes == ()


def test_the_way_between_districts_counts_and_is_the_municipalitys_to_say(town: Town, family: Petrovs) -> None:
    chess = elsewhere(
        town, town.group(name="Chess", price=10_000, lessons=()), weekday=2, start=time(16, 20), stop=time(17)
    )
    assert [each.minutes for each in seen(family, chess).clashes] == [30]
    town.policy(travel_minutes=20)
    assert seen(family, chess).clashes == ()


def test_brothers_and_sisters_only_warn_whoever_brings_them(town: Town, family: Petrovs) -> None:
    boris, chess = sibling(family), elsewhere(town, town.group(name="Chess", price=10_000))
    offered = seen(family, chess, boris)
    assert offered.clashes == ()
    assert {each.course.child_name for each in offered.torn} == {"Anna"}
    wish = RequestEnrollment(boris, chess, offered.start, offered.quote)
    assert isinstance(town.does(wish, family.guardian), Requested)
    grown = sibling(family, born=date(2014, 1, 1))
    assert seen(family, chess, grown).torn == (), "from 12 on a child goes alone"
    father = town.person()
    town.adds(schema.guardianship, person=father, child=boris, rights="full", since=town.now)
    theirs = town.asks(WeighRequest(boris, town.group(name="Dance"), None), father)
    assert isinstance(theirs, Offered) and theirs.torn == (), "Anna is not his to bring"


def test_a_switch_is_weighed_by_its_new_lessons_alone(town: Town, family: Petrovs) -> None:
    row = town.run(lambda tx: tx.sql(select(schema.enrollment).where(schema.enrollment.c.id == family.robots)).one())
    other = town.adds(
        schema.group,
        module=row.module,
        external_id="g2",
        name="Group 2",
        address="Lenin street, 1",
        start=date(2026, 9, 1),
        stop=date(2027, 5, 31),
        seats=5,
    )
    town.adds(schema.lesson, group=other, weekday=2, start=time(15, 30), stop=time(16, 30))
    weighed = town.asks(WeighSwitch(row.id, other), family.guardian)
    assert isinstance(weighed, Switched) and weighed.clashes == () and weighed.held == held(town, row.id)
    town.run(lambda tx: tx.sql(schema.lesson.update().where(schema.lesson.c.group == other).values(weekday=1)))
    swim = town.group(name="Swimming", price=10_000, lessons=(1,))
    swimming = family.asks_for(swim)
    assert town.does(SwitchGroup(row.id, other), family.guardian) == LessonsClash((swimming,))
    assert town.does(SwitchGroup(row.id, other, True), family.guardian) == GroupSwitched(family.child, row.id, other)
    assert town.asks(WeighSwitch(row.id, other), town.person()) is None


def test_the_week_shows_all_children_and_what_was_called_off(town: Town, family: Petrovs) -> None:
    boris = sibling(family)
    chess = elsewhere(
        town, town.group(name="Chess", price=10_000, lessons=()), weekday=4, start=time(15), stop=time(16)
    )
    offered = seen(family, chess, boris)
    town.does(RequestEnrollment(boris, chess, offered.start, offered.quote), family.guardian)
    town.comes(date(2026, 9, 7))
    off = {"month": "2026-09", "planned": 8, "cancelled": 1, "cause": "2026-09-10", "at": town.now}
    town.adds(schema.cancelled_lessons, enrollment=family.robots, **off)
    week = town.asks(MyWeek(), family.guardian)
    assert (week.monday, week.odd, week.children, week.earlier, week.later) == (date(2026, 9, 7), True, 2, False, True)
    assert [(one.day.day, one.child_name, one.program, one.settled, one.held) for one in week.lessons] == [
        (8, "Anna", "Robots", True, True),
        (10, "Anna", "Robots", True, False),
        (10, "Boris", "Chess", False, True),
    ]
    [meeting] = week.meetings
    assert (meeting.one_child, meeting.clash.first, meeting.clash.course.child_name) == (
        False,
        date(2026, 9, 10),
        "Boris",
    )
    assert [one.program for one in town.asks(MyWeek(date(2027, 5, 31)), family.guardian).lessons] == []
    stranger = town.asks(MyWeek(), town.person())
    assert (stranger.lessons, stranger.children) == ((), 0)


def test_before_the_year_begins_the_first_week_with_lessons_is_shown(town: Town) -> None:
    town.comes(date(2026, 9, 2))
    family = Family(town)
    family.asks_for(town.group(start=date(2026, 10, 1), lessons=()))
    family.asks_for(town.group(name="Chess", start=date(2026, 11, 10), price=1_000))
    week = town.asks(MyWeek(), family.guardian)
    assert (week.monday, len(week.lessons), week.earlier, week.later) == (date(2026, 11, 9), 2, True, True)
    assert week.unknown == ("Robots",), "a timetable that nobody has told is said to be so"


def test_the_file_has_every_lesson_at_its_local_time_and_first_names_only(town: Town, family: Petrovs) -> None:
    town.adds(schema.lesson, group=family.group, weekday=3, start=time(10), stop=time(11), weeks="odd", place="room 5")
    off = {"month": "2026-09", "planned": 8, "cancelled": 1, "cause": "2026-09-10", "at": town.now}
    town.adds(schema.cancelled_lessons, enrollment=family.robots, **off)
    text = town.asks(WeekFile(), family.guardian)
    assert "Petrova" not in text and "5101" not in text
    tuesday, wednesday, thursday = Calendar.from_ical(text).walk("VEVENT")
    assert str(tuesday["summary"]) == "Anna: Robots"
    assert tuesday["dtstart"].dt.astimezone(UTC) == datetime(2026, 9, 8, 12, tzinfo=UTC)
    assert tuesday["rrule"]["UNTIL"] == [datetime(2027, 5, 25, 12, tzinfo=UTC)]
    assert str(wednesday["location"]) == "Lenin street, 1, room 5"
    listed = [wednesday["dtstart"].dt.date(), *(each.dt.date() for each in wednesday["rdate"].dts)]
    assert listed[0] == date(2026, 9, 9)
    assert {date(2026, 12, 30), date(2027, 1, 6)} <= set(listed), "a year of 53 weeks ends and begins with an odd one"
    assert [each.dt.date() for each in thursday["exdate"].dts] == [date(2026, 9, 10)]
    assert town.asks(WeekFile(), town.person()) == ""


def opens_to_the_world(town: Town) -> None:
    town.run(lambda tx: tx.upsert(schema.setting, [{"name": PUBLIC_URL, "value": "https://bot.example"}], "name"))


async def fetched(town: Town, url: str) -> httpx.Response:
    transport = httpx.ASGITransport(Starlette(routes=CalendarFeed(town.desk).routes()))
    async with httpx.AsyncClient(transport=transport, base_url="https://bot.example") as client:
        return await client.get(url)


def linked(town: Town, guardian: int) -> str:
    made = town.does(MakeCalendarLink(), guardian)
    assert isinstance(made, CalendarLinkMade)
    return made.url


def test_a_link_works_until_it_is_made_anew_or_cut(town: Town, family: Petrovs) -> None:
    me = family.guardian
    assert town.does(MakeCalendarLink(), me) == NoAddress()
    assert town.asks(MyCalendarLink(), me) == CalendarLinkSeen(False)
    opens_to_the_world(town)
    assert town.does(MakeCalendarLink(), town.person()) == NotYours(), "there is nothing to show"
    first = linked(town, me)
    assert first.startswith("https://bot.example/calendar/") and len(first) > 70
    assert town.asks(MyCalendarLink(), me) == CalendarLinkSeen(True, date(2026, 9, 1))
    answer = town.runner.run(fetched(town, first))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8" and "Anna: Robots" in answer.text
    second = linked(town, me)
    assert [town.runner.run(fetched(town, url)).status_code for url in (first, second)] == [404, 200]
    token = second.split("/")[-1].removesuffix(".ics")
    rows = town.run(lambda tx: tx.rows(select(schema.calendar_link)))
    assert len(rows) == 1 and token not in str(rows), "only a keyed print of it is kept"
    assert town.does(CutCalendarLink(), me) == CalendarLinkCut(me)
    gone = town.runner.run(fetched(town, second))
    assert (gone.status_code, gone.headers["cache-control"]) == (404, "no-store")
    for forged in ("x", "x" * 5_000, "%00", "..%2Fchat", token[:-1]):
        assert town.runner.run(fetched(town, f"/calendar/{forged}.ics")).status_code == 404


def test_a_link_ends_with_the_consent_and_with_the_person(town: Town, family: Petrovs) -> None:
    opens_to_the_world(town)
    url = linked(town, family.guardian)
    town.does(WithdrawConsent("certificate"), family.guardian)
    assert town.runner.run(fetched(town, url)).status_code == 404
    grandmother = town.person()
    town.adds(schema.guardianship, person=grandmother, child=family.child, rights="read", since=town.now)
    url = linked(town, grandmother)
    assert "Anna" in town.runner.run(fetched(town, url)).text
    town.run(lambda tx: tx.sql(schema.guardianship.delete().where(schema.guardianship.c.person == grandmother)))
    assert "Anna" not in town.runner.run(fetched(town, url)).text, "whoever may not see the child any more sees nothing"
    town.does(DeleteMe(), grandmother)
    assert town.runner.run(fetched(town, url)).status_code == 404
