"""The family's week as a parent reads it, and into the phone's calendar."""

from dataclasses import replace
from datetime import date, time

from bot.dialogs.calendar_link import CalendarOnPhone
from bot.dialogs.enrollment import ShowEnrollments
from bot.dialogs.week import ShowWeek
from bot.domain.calendar import Span
from bot.domain.calendar_link import (
    CalendarLinkCut,
    CalendarLinkMade,
    CalendarLinkSeen,
    CutCalendarLink,
    MakeCalendarLink,
    MyCalendarLink,
    NoAddress,
)
from bot.domain.clashes import Clash, Course
from bot.domain.enrollment import EnrollmentState
from bot.domain.enrollment_seen import EnrollmentLine, MyEnrollments
from bot.domain.home import ChannelLink, OtherChannels
from bot.domain.lessons import Lesson
from bot.domain.week import LessonSeen, Meeting, MyWeek, WeekFile, WeekSeen
from tests.story import CONSENTED, Story

MONDAY = date(2026, 11, 23)
ROBOTS, CHESS = Lesson(2, time(15), time(16)), Lesson(2, time(15, 30), time(16, 30), "odd", "room 5")
TUESDAY = date(2026, 11, 24)
ANNA = LessonSeen(TUESDAY, "Anna", "Robots", ROBOTS, "Lenin street, 1", 50)
BORIS = LessonSeen(TUESDAY, "Boris", "Chess", CHESS, "Mira street, 2", 51, settled=False, held=False)
COURSE = Course(2, Span(MONDAY, date(2026, 11, 29)), (CHESS,), 2, "Mira street, 2", "Boris", "Chess", 51)
TORN = Meeting("Anna", "Robots", Clash(ROBOTS, CHESS, COURSE, TUESDAY, 30), one_child=False)
WEEK = WeekSeen(MONDAY, False, (ANNA, BORIS), (TORN,), ("Dance",), earlier=True, later=True, children=2)
NOTHING = WeekSeen(MONDAY, False, (), children=1)


def test_my_clubs_lead_to_the_week_of_all_children() -> None:
    line = EnrollmentLine(50, "Anna", "Robots", EnrollmentState.ACTIVE, MONDAY, MONDAY, None)
    parent = Story(ShowEnrollments(), {MyEnrollments(): (line,), MyWeek(): WEEK})
    parent.taps("The week")
    parent.sees("The week from November 23, 2026 to November 29, 2026, an even one", "Tue, November 24, 2026")
    parent.sees("15:00–16:00 Anna: Robots, Lenin street, 1")
    parent.sees("15:30–16:30 Boris: Chess, Mira street, 2, room 5 (odd weeks; not settled yet; called off by the club)")
    parent.sees("What clashes:", "Anna at «Robots» and Boris at «Chess», hard for one adult", "timetable of «Dance»")


def test_weeks_are_turned_and_a_week_without_lessons_is_no_dead_end() -> None:
    later = replace(NOTHING, monday=date(2026, 11, 30), odd=True, earlier=True)
    parent = Story(ShowWeek(), {MyWeek(): WEEK, MyWeek(date(2026, 11, 30)): later, MyWeek(MONDAY): WEEK})
    parent.taps("The next week")
    parent.sees("an odd one", "No lessons in this week.")
    parent.does_not_see("The next week")
    parent.taps("‹ The week before")
    parent.sees("Anna: Robots")


def test_one_child_needs_no_name_and_its_own_clash_is_named() -> None:
    own = Meeting("Anna", "Robots", TORN.clash, one_child=True)
    parent = Story(ShowWeek(), {MyWeek(): replace(WEEK, lessons=(ANNA,), meetings=(own,), children=1)})
    parent.sees("15:00–16:00 Robots", "Anna has both «Robots» and «Chess»")


def test_a_long_week_comes_in_pages() -> None:
    many = tuple(
        replace(ANNA, day=date(2026, 11, 23 + day), address="L" * 200) for day in range(7) for _each in range(6)
    )
    parent = Story(ShowWeek(), {MyWeek(): replace(WEEK, lessons=many)})
    assert len(parent.text) < 4_000
    parent.does_not_see("Sun, November 29")
    for _page in range(3):
        parent.taps("›")
    parent.sees("Sun, November 29, 2026", "What clashes:")


def test_without_lessons_or_children_the_next_step_is_shown() -> None:
    Story(ShowWeek(), {MyWeek(): NOTHING}).sees("No lessons yet.", "Find a club")
    Story(ShowWeek(), {MyWeek(): replace(NOTHING, children=0)}).sees("do not know your children yet", "Apply")


def test_the_week_goes_to_the_phone_as_a_file() -> None:
    parent = Story(
        ShowWeek(), {MyWeek(): WEEK, MyCalendarLink(): CalendarLinkSeen(True), WeekFile(): "BEGIN:VCALENDAR"}
    )
    parent.taps("Into the phone's calendar")
    parent.sees("As a file the lessons come", "first names")
    parent.taps("As a file, once")
    parent.sees("your phone will offer to add the lessons")
    assert parent.reply is not None and parent.reply.message.document is not None
    assert parent.reply.message.document.name == "week.ics"
    parent.world[WeekFile()] = ""
    parent.taps("Back")
    parent.taps("As a file, once")
    parent.sees("No lessons yet.")


def test_a_link_is_shown_once_and_is_not_kept_in_the_open() -> None:
    url = "https://bot.example/calendar/0123456789.ics"
    world = {MyCalendarLink(): CalendarLinkSeen(True), MakeCalendarLink(): CalendarLinkMade(1, url)}
    parent = Story(CalendarOnPhone(), world)
    parent.taps("Make a link")
    parent.sees(url, "add a calendar by its address", "Open the link")
    assert url not in repr(parent.state)
    parent.types("ok")
    parent.sees("Press «Back» to return.")
    parent.world[MyCalendarLink()] = CalendarLinkSeen(True, MONDAY)
    parent.taps("Back")
    parent.sees("A calendar link works since November 23, 2026", "cannot show it again", "Make a new link")
    parent.does_not_see(url)
    parent.world |= {CutCalendarLink(): CalendarLinkCut(1), MyCalendarLink(): CalendarLinkSeen(True)}
    parent.taps("Cut the link")
    parent.sees("The link does not work any more.", "Make a link")


def test_without_an_address_of_the_service_the_screen_says_why_there_is_no_link() -> None:
    parent = Story(CalendarOnPhone(), {MyCalendarLink(): CalendarLinkSeen(False)})
    parent.sees("is not possible here", "no address of its own", "As a file, once")
    parent.does_not_see("Make a link")
    lost = Story(CalendarOnPhone(), {MyCalendarLink(): CalendarLinkSeen(True), MakeCalendarLink(): NoAddress()})
    lost.taps("Make a link")
    lost.sees("is not possible here")


def test_on_an_impersonal_channel_the_week_is_shown_elsewhere() -> None:
    elsewhere = {OtherChannels(): (ChannelLink("vk", "https://vk.me/kruzhok"),)}
    parent = Story(ShowWeek(), elsewhere, reader=replace(CONSENTED, impersonal=True))
    parent.sees("may not show or ask anything about a child", "Open in VK")
