"""A family and what it does in the town, in one line each; what the tables say about seats and money."""

from dataclasses import replace
from datetime import date, time

from sqlalchemy import func, select

from bot.domain import enrollment_facts as facts
from bot.domain import ledger as book
from bot.domain.catalogue_staff import ChangeGroup, GroupSaved, OneTree
from bot.domain.enrollment import AcceptRequest, ConcludeOffer, RequestEnrollment
from bot.domain.enrollment_seen import Offered, WeighRequest
from bot.domain.lessons import Lesson
from bot.domain.messages import Actor, Fact
from bot.domain.messages import provider as provider_of
from bot.domain.money import Money
from bot.storage import schema
from bot.storage.enrollment_clock import daily
from bot.storage.ledger import balance
from tests.storage.town import Town


class Family:
    """A guardian with one child and a certificate, and what they do."""

    def __init__(self, town: Town, kopecks: int = 1_200_000, **child: object) -> None:
        self.town = town
        self.guardian = town.person()
        self.child = town.child(self.guardian, **child)  # type: ignore[arg-type]
        self.certificate = town.certificate(self.child, kopecks)

    def sees(self, group: int, start: date | None = None) -> object:
        return self.town.asks(WeighRequest(self.child, group, start), self.guardian)

    def requests(self, group: int, start: date | None = None, pays: bool = False, me: int = 0) -> Fact:
        seen = self.sees(group, start)
        assert isinstance(seen, Offered), seen
        wish = RequestEnrollment(self.child, group, seen.start, seen.quote, pays, all_the_same=True)
        return self.town.does(wish, me or self.guardian)

    def asks_for(self, group: int, start: date | None = None, pays: bool = False) -> int:
        fact = self.requests(group, start, pays)
        assert isinstance(fact, facts.Requested), fact
        return fact.enrollment

    def learns(self, group: int, start: date | None = None, pays: bool = False) -> int:
        made = self.asks_for(group, start, pays)
        assert isinstance(self.town.does(AcceptRequest(made), provider_of(self.town.provider)), facts.OfferMade)
        assert isinstance(self.town.does(ConcludeOffer(made), self.guardian), facts.Concluded)
        return made

    @property
    def left(self) -> Money:
        purse = book.certificate(self.certificate, self.town.period)
        return self.town.run(lambda tx: balance(tx, purse))


def held(town: Town, enrollment: int) -> Money:
    return town.run(lambda tx: balance(tx, book.hold(enrollment)))


def paid(town: Town) -> Money:
    return town.run(lambda tx: balance(tx, book.provider(town.provider)))


def state(town: Town, enrollment: int) -> str:
    table = schema.enrollment
    return str(town.run(lambda tx: tx.value(select(table.c.state).where(table.c.id == enrollment))))


def taken(town: Town, group: int) -> int:
    """Seats taken, by the counter; it must be the number of rows that hold one (R6.1)."""
    g, e = schema.group, schema.enrollment
    counter = town.run(lambda tx: tx.value(select(g.c.taken).where(g.c.id == group)))
    rows = town.run(lambda tx: tx.value(select(func.count()).select_from(e).where(e.c.group == group, e.c.holds_seat)))
    assert counter == rows
    return int(counter)


def provider(town: Town) -> Actor:
    """The town's provider."""
    return provider_of(town.provider)


def meets(town: Town, group: int, *weekdays: int) -> None:
    """The provider gives the group another timetable."""
    tree = town.asks(OneTree("group", group), provider(town))
    assert tree is not None
    now = next(each.written for module in tree.modules for each in module.groups if each.id == group)
    timetable = tuple(Lesson(each, time(17), time(18)) for each in weekdays)
    assert isinstance(town.does(ChangeGroup(group, replace(now, timetable=timetable)), provider(town)), GroupSaved)


def lives_day(town: Town, day: date) -> None:
    """What the calendar does with enrollments on that day."""
    town.run(lambda tx: daily(tx, town.municipality, day))
