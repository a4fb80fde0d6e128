"""The week in the phone's calendar: once, as a file, or by a link that it reads by itself -> made, made anew, cut."""

from dataclasses import dataclass
from typing import ClassVar

from bot.dialogs.core import (
    CHOOSE,
    Button,
    Document,
    Event,
    Happened,
    Screen,
    Secret,
    State,
    Tapped,
    Turn,
    again,
    ask,
    go,
    instead,
)
from bot.domain.calendar_link import (
    CalendarLinkCut,
    CalendarLinkMade,
    CalendarLinkSeen,
    CutCalendarLink,
    MakeCalendarLink,
    MyCalendarLink,
    NoAddress,
)
from bot.domain.week import WeekFile
from bot.i18n import Words, _, lines

NO_ADDRESS = _(
    "A link that follows the changes by itself is not possible here: this service has no address of its own."
)


@dataclass(frozen=True)
class CalendarOnPhone(State[CalendarLinkSeen]):
    """File or link? And what can be done with a link that there is."""

    about_child: ClassVar[bool] = True

    def needs(self) -> MyCalendarLink:
        return MyCalendarLink()

    def show(self, known: CalendarLinkSeen) -> Screen:
        file = Button(_("As a file, once"), "file")
        if not known.has_children:
            return Screen(
                _("I do not know your children yet. Apply for a certificate first."),
                (Button(_("Apply for a certificate"), ">apply"),),
            )
        if known.made_on is not None:
            return Screen(
                lines(
                    _("A calendar link works since {day}.", day=known.made_on),
                    _("I do not keep it, so I cannot show it again. If it is lost, make a new one: the old one stops."),
                    WHAT_IT_SHOWS,
                ),
                (
                    *((Button(_("Make a new link"), "make"),) if known.possible else ()),
                    Button(_("Cut the link"), "cut"),
                    file,
                ),
            )
        if not known.possible:
            return Screen(lines(NO_ADDRESS, _("Take the file, and take it again when something changes.")), (file,))
        return Screen(
            lines(
                _("As a file the lessons come into the calendar once."),
                _("By a link the calendar follows every change by itself."),
                WHAT_IT_SHOWS,
            ),
            (Button(_("Make a link"), "make"), file),
        )

    def on(self, event: Event) -> Turn:
        match event:
            case Tapped("file"):
                return go(TakeWeekFile())
            case Tapped("make"):
                return ask(MakeCalendarLink(), meanwhile=self)
            case Tapped("cut"):
                return ask(CutCalendarLink(), meanwhile=self)
            case Happened(CalendarLinkMade(url=url)):
                return go(ReadCalendarLink(Secret(url)))
            case Happened(CalendarLinkCut()):
                return instead(self, _("The link does not work any more."))
            case Happened(NoAddress()):
                return instead(self, NO_ADDRESS)
            case Happened():
                return instead(self)
        return again(self, CHOOSE)


WHAT_IT_SHOWS: Words = _(
    "Whoever has the link sees the children's first names, their clubs, hours and addresses. Give it to nobody else."
)


@dataclass(frozen=True)
class ReadCalendarLink(State[None]):
    """The link, the only time that it is shown."""

    url: Secret

    about_child: ClassVar[bool] = True

    def show(self, known: None) -> Screen:
        return Screen(
            lines(
                _("Here is the link:"),
                self.url.value,
                "",
                _("Copy it. In the phone's calendar choose «add a calendar by its address» and paste it."),
                WHAT_IT_SHOWS,
                _("You can cut it here at any time."),
            ),
            (Button(_("Open the link"), url=self.url.value),),
        )

    def on(self, event: Event) -> Turn:
        return again(self, _("Press «Back» to return."))


@dataclass(frozen=True)
class TakeWeekFile(State[str]):
    """The lessons as a file that a phone's calendar opens."""

    about_child: ClassVar[bool] = True
    at_leisure: ClassVar[bool] = True

    def needs(self) -> WeekFile:
        return WeekFile()

    def show(self, known: str) -> Screen:
        if not known:
            return Screen(
                lines(_("No lessons yet."), _("As soon as a club is chosen, its lessons stand here.")),
                (Button(_("Find a club"), ">search"),),
            )
        return Screen(
            lines(
                _("Open the file, and your phone will offer to add the lessons to the calendar."),
                _("When a timetable changes, take it again."),
            ),
            document=Document("week.ics", known),
        )

    def on(self, event: Event) -> Turn:
        return again(self, CHOOSE)
