"""Random families through random years, by real commands in a real database: whatever happens, the books and the seats agree."""

import random
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain import enrollment as wishes
from bot.domain.calendar import Month
from bot.domain.certificate import CertificateKind, ConvertCertificate, Revocation
from bot.domain.certificate_staff import ChangeGroup, Freeze, Revoke, Unfreeze
from bot.domain.enrollment import LIVING, SEATED, last_day
from bot.domain.enrollment_seen import Offered, WeighRequest
from bot.domain.gate_refusals import NoFreeSeat
from bot.domain.messages import Command, Fact
from bot.domain.money import Money
from bot.domain.period import SetNominal
from bot.domain.rating import RateProgram
from bot.domain.renewal import AcceptRenewal, OneRenewal
from bot.domain.waiting import SkipPlace, TakePlace, WaitForPlace
from bot.storage import schema
from bot.storage.audit import audit
from tests.storage.families import Family, provider
from tests.storage.village import Village

SPRING, SUMMER, LAST = date(2027, 4, 26), date(2027, 6, 1), date(2027, 6, 20)
WAITING = ("requested", "claimed", "accepted", "offered", "renewal_offered")


class Year:
    """Four families, three clubs of few seats, the end of one period and the beginning of the next."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.town = chance, Village(SPRING)
        town = self.town
        town.policy(allow_full_parent_pay=chance.random() < 0.3, backdating_days=chance.choice((0, 40)))
        self.poor = town.adds(schema.certificate_group, municipality=town.municipality, code="other", name="Other")
        coming = town.adds(
            schema.funding_period, municipality=town.municipality, name="next", start=SUMMER, stop=LAST, state="planned"
        )
        self.periods = [town.period, coming]
        for group, period, kopecks in (
            (self.everyone, coming, 700_000),
            (self.poor, town.period, 400_000),
            (self.poor, coming, 900_000),
        ):
            town.adds(schema.nominal, certificate_group=group, period=period, kopecks=kopecks)
        self.families = [Family(town, chance.choice((0, 1_200_000, 1_200_000))) for _each in range(4)]
        stops = LAST, LAST, chance.choice((date(2027, 5, 10), date(2027, 5, 31)))
        prices = chance.randrange(1, 900_000), 0, chance.randrange(1, 900_000)
        self.groups = [self._club(price, stop) for price, stop in zip(prices, stops, strict=True)]
        self.groups.append(self._sister(self.groups[0]))
        self.done: Counter[str] = Counter()

    @property
    def everyone(self) -> int:
        return self.town.everyone

    def _club(self, price: int, stop: date) -> int:
        return self.town.group(price=price, seats=self.chance.randrange(1, 4), start=date(2027, 3, 1), stop=stop)

    def _sister(self, group: int) -> int:
        table = schema.group
        row = self.town.run(lambda tx: tx.sql(select(table).where(table.c.id == group)).one())
        values = {name: getattr(row, name) for name in ("module", "district", "start", "stop")}
        return self.town.adds(table, external_id="g2", name="Group 2", seats=2, **values)

    # --- what may happen ---

    def time_passes(self) -> None:
        """The calendar may be down for a while, and lives the days later."""
        self.town.passes(days=self.chance.choice((1, 1, 2, 4, 9)), minutes=self.chance.randrange(0, 900))
        if self.chance.random() < 0.7:
            self.town.lives()

    def somebody_asks(self) -> None:
        family, group = self.chance.choice(self.families), self.chance.choice(self.groups)
        start = self.chance.choice((None, self.today, self.today + timedelta(days=self.chance.randrange(-30, 20))))
        seen = family.sees(group, start)
        if isinstance(seen, Offered):
            pays = self.chance.random() < 0.8
            self.does(wishes.RequestEnrollment(family.child, group, seen.start, seen.quote, pays), family.guardian)
        elif isinstance(seen, NoFreeSeat):
            self.does(WaitForPlace(family.child, group), family.guardian)

    def a_provider_enters_somebody(self) -> None:
        family = self.chance.choice(self.families)
        table = schema.certificate
        number = self.town.run(lambda tx: tx.value(select(table.c.number).where(table.c.id == family.certificate)))
        wish = wishes.ClaimEnrollment(str(number), self.chance.choice(self.groups), self.today, pays=True)
        self.does(wish, provider(self.town))

    def somebody_answers(self) -> None:
        """Whatever waits goes on, or not."""
        row = self._one(WAITING)
        if row is None:
            return
        family = next(each for each in self.families if each.child == row.child)
        yes: dict[str, Sequence[tuple[Command, Any]]] = {
            "requested": [(wishes.AcceptRequest(row.id), provider(self.town))],
            "claimed": [(wishes.ConfirmClaim(row.id), family.guardian)],
            "accepted": [
                (wishes.ConcludeOffer(row.id), family.guardian),
                (wishes.ConcludeOnPaper(row.id), provider(self.town)),
            ],
            "offered": self._take(family, row),
            "renewal_offered": self._renew(family, row),
            "completed": [(RateProgram(row.id, 5), family.guardian)],
            "terminated": [(RateProgram(row.id, 2), family.guardian)],
        }
        no: dict[str, Sequence[tuple[Command, Any]]] = {
            "requested": [(wishes.RefuseRequest(row.id, "no"), provider(self.town))],
            "claimed": [(wishes.DenyClaim(row.id), family.guardian)],
            "accepted": [(wishes.RevokeOffer(row.id, "no"), provider(self.town))],
            "offered": [(SkipPlace(row.id), family.guardian)],
        }
        answers = (yes if self.chance.random() < 0.85 else no).get(row.state, ())
        if answers:
            self.does(*self.chance.choice(answers))

    def somebody_leaves(self) -> None:
        row = self._one()
        if row is None:
            return
        family = next(each for each in self.families if each.child == row.child)
        last = last_day(self.today, row.stop or self.today)
        self.does(
            self.chance.choice((wishes.WithdrawRequest(row.id), wishes.EndEnrollment(row.id, last))), family.guardian
        )

    def a_provider_ends_it(self) -> None:
        row = self._one()
        if row is not None:
            self.does(wishes.TerminateEnrollment(row.id, "no teacher"), provider(self.town))

    def somebody_switches(self) -> None:
        row = self._one()
        if row is not None:
            family = next(each for each in self.families if each.child == row.child)
            to = self.groups[-1] if row.group == self.groups[0] else self.groups[0]
            self.does(wishes.SwitchGroup(row.id, to), family.guardian)

    def lessons_are_cancelled(self) -> None:
        group = self.chance.choice(self.groups)
        days = tuple(self.today + timedelta(days=self.chance.randrange(-40, 20)) for _each in range(4))
        month = Month.of(self.chance.choice(days))
        numbers = wishes.CancelLessons(group, (), month, self.chance.randrange(1, 9), 8, str(self.chance.random()))
        self.does(self.chance.choice((wishes.CancelLessons(group, days), numbers)), provider(self.town))

    def somebody_disputes(self) -> None:
        row = self._one()
        if row is not None:
            family = next(each for each in self.families if each.child == row.child)
            self.does(wishes.OpenDispute(row.id), family.guardian)

    def the_operator_decides(self) -> None:
        table = schema.dispute
        found = self.town.run(lambda tx: tx.value(select(table.c.enrollment).where(table.c.state == "open")))
        if found:
            self.does(wishes.DecideDispute(found, self.chance.random() < 0.5, "seen"), self.town.operator)

    def the_municipality_decides(self) -> None:
        certificate = self.chance.choice(self.families).certificate
        group = self.chance.choice((self.everyone, self.poor))
        wish = self.chance.choice(
            (
                Freeze(certificate),
                Unfreeze(certificate),
                Unfreeze(certificate),
                ConvertCertificate(certificate, self.chance.choice(tuple(CertificateKind))),
                ChangeGroup(certificate, group),
                ChangeGroup(certificate, group),
                SetNominal(group, self.chance.choice(self.periods), Money(self.chance.randrange(1, 1_500_000))),
                Revoke(certificate, self.chance.choice((Revocation.MOVED_AWAY, Revocation.OTHER)))
                if self.chance.random() < 0.2
                else Unfreeze(certificate),
            )
        )
        self.does(wish, self.town.operator)

    # --- how ---

    @property
    def today(self) -> date:
        return self.town.run(lambda tx: tx.today(self.town.municipality))

    def does(self, wish: Command, me: Any) -> Fact:
        fact = self.town.does(wish, me)
        self.done[type(fact).__name__] += 1
        return fact

    def _one(self, rather: Collection[str] = LIVING) -> Any:
        """One of the enrollments, those in some states rather."""
        rows = self.town.run(lambda tx: tx.rows(select(schema.enrollment).order_by(schema.enrollment.c.id)))
        living = [row for row in rows if row.state in rather]
        rows = living if living and self.chance.random() < 0.8 else rows
        return self.chance.choice(rows) if rows else None

    def _take(self, family: Family, row: Any) -> Sequence[tuple[Command, Any]]:
        seen = self.town.asks(WeighRequest(family.child, row.group, None, row.id), family.guardian)
        if not isinstance(seen, Offered):
            return ()
        return [(TakePlace(row.id, seen.start, seen.quote, pays=True), family.guardian)]

    def _renew(self, family: Family, row: Any) -> Sequence[tuple[Command, Any]]:
        seen = self.town.asks(OneRenewal(row.id), family.guardian)
        return [(AcceptRenewal(row.id, seen.quote, pays=True), family.guardian)] if seen and seen.quote else ()

    def deeds(self) -> list[Callable[[], None]]:
        return [
            *[self.time_passes] * 5,
            *[self.somebody_asks] * 5,
            *[self.somebody_answers] * 9,
            self.a_provider_enters_somebody,
            self.somebody_leaves,
            self.a_provider_ends_it,
            self.somebody_switches,
            self.lessons_are_cancelled,
            self.somebody_disputes,
            self.the_operator_decides,
            self.the_municipality_decides,
        ]


def agrees(year: Year) -> None:
    """What holds at any moment, told from the rows apart from the audit's own queries."""
    found = year.town.run(audit)
    assert found == [], found
    rows = {row.id: row for row in year.town.run(lambda tx: tx.rows(select(schema.enrollment)))}
    disputed = {
        row.enrollment
        for row in year.town.run(lambda tx: tx.rows(select(schema.dispute).where(schema.dispute.c.state == "open")))
    }
    seats: Counter[int] = Counter()
    for row in rows.values():
        inherits = row.renews in rows and rows[row.renews].holds_seat and rows[row.renews].group == row.group
        over = row.id in disputed and not row.holds_seat  # the last day is over, only the money is not settled (R5.8)
        seats[row.group] += row.state in SEATED and not inherits and not over
    groups = year.town.run(lambda tx: tx.rows(select(schema.group)))
    assert {row.id: row.taken for row in groups} == {row.id: seats[row.id] for row in groups}, "seats (R6.1)"
    assert all(row.taken <= row.seats for row in groups), "a seat sold twice (R6.5)"
    charges = Counter((row.about, row.month) for row in year.town.run(_charges))
    assert not [each for each, times in charges.items() if times > 1], "a month charged twice (R5.3)"
    chains = Counter(row.chain for row in year.town.run(lambda tx: tx.rows(select(schema.rating))))
    assert not [each for each, times in chains.items() if times > 1], "a chain rated twice (R7.1)"


def _charges(tx: Any) -> Any:
    return tx.rows(select(schema.transfer).where(schema.transfer.c.why == "charge"))


def lived(seed: int) -> Year:
    """Sixty deeds, then everything is decided and the next period is over too."""
    year = Year(random.Random(seed))
    deeds = year.deeds()
    for _deed in range(60):
        year.chance.choice(deeds)()
        agrees(year)
    for _each in year.families:
        year.the_operator_decides()
    for day in (SUMMER, LAST + timedelta(days=2), LAST + timedelta(days=9)):
        year.town.comes(max(day, year.town.now.date()))
        year.town.lives()
        agrees(year)
    return year


@settings(max_examples=4, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_books_and_seats_agree_after_any_year(seed: int) -> None:
    year = lived(seed)
    accounts = year.town.run(lambda tx: tx.rows(select(schema.account).where(schema.account.c.balance != 0)))
    undecided = year.town.run(lambda tx: tx.rows(select(schema.dispute).where(schema.dispute.c.state == "open")))
    kept = {("hold", row.enrollment) for row in undecided}
    left = {(row.kind, row.owner) for row in accounts if row.kind in ("certificate", "hold")}
    assert left <= kept, "after the borders nothing is left to a family"


def test_a_random_year_is_full_of_life() -> None:
    """The deeds above do happen: a simulation of refusals would prove nothing."""
    done = lived(42).done
    assert min(done[each] for each in ("Requested", "OfferMade", "Concluded")) >= 2, done
    assert done["NoticeGiven"] + done["DisputeOpened"] + done["GroupSwitched"] >= 2, done
