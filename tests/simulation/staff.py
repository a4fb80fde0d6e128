"""What operators and providers do on a day, out of the blue or because something waits for them."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain import certificate_staff as certificates
from bot.domain import enrollment as wishes
from bot.domain import event, linking, municipality, period, provider, published, rating, waiting
from bot.domain.calendar import Month
from bot.domain.certificate import CertificateKind, ConvertCertificate, Rejection, Revocation
from bot.domain.family import CutGuardian
from bot.domain.messages import Actor, Command, administrator, operator
from bot.domain.messages import provider as provider_of
from bot.domain.renewal import AcceptRenewal, DeclineRenewal
from tests.simulation.founding import Founding, policy


class Staff:
    """Each deed picks what it is about from the tables, wishes it, and looks no further."""

    def __init__(self, town: Any, founding: Founding) -> None:
        self.town, self.chance, self.founding = town, town.chance, founding

    def acts(self) -> None:
        """One deed."""
        deeds = list(DEEDS)
        self.chance.choices(deeds, [DEEDS[deed] for deed in deeds])[0](self)

    # --- enrollments ---

    def answers(self) -> None:
        """A request, an offer, a renewal that waits."""
        states = ("requested", "requested", "claimed", "accepted", "renewal_offered")
        row = self._enrollment(self.chance.choice(states))
        if row is None:
            return
        number, state, club, payer = row["id"], row["state"], provider_of(row["provider"]), operator(row["payer"])
        yes: Mapping[str, tuple[Command, Actor]] = {
            "requested": (wishes.AcceptRequest(number), club),
            "claimed": (wishes.ConfirmClaim(number), payer),
            "accepted": (wishes.ConcludeOnPaper(number), club),
            "renewal_offered": (AcceptRenewal(number, None, pays=True), club),
        }
        no: Mapping[str, tuple[Command, Actor]] = {
            "requested": (wishes.RefuseRequest(number, "мест нет"), club),
            "claimed": (wishes.DenyClaim(number), payer),
            "accepted": (wishes.RevokeOffer(number, "группа не набралась"), club),
            "renewal_offered": (DeclineRenewal(number, "уходят"), club),
        }
        self.town.does(*(yes if self.chance.random() < 0.85 else no)[state])

    def enters_a_family(self) -> None:
        """R6.7."""
        number = self.town.one("SELECT number FROM certificate WHERE state = 'active' ORDER BY id")
        group = self.town.one('SELECT g.id, p.provider FROM "group" g JOIN module m ON m.id = g.module JOIN program p ON p.id = m.program '
                          "WHERE g.stop >= ? ORDER BY g.id", str(self.town.today))  # fmt: skip
        if number and group:
            start = self.town.today + timedelta(days=self.chance.randrange(0, 4))
            self.town.does(wishes.ClaimEnrollment(number[0], group[0], start, pays=True), provider_of(group[1]))

    def ends_one(self) -> None:
        row = self._enrollment("active")
        if row:
            self.town.does(wishes.TerminateEnrollment(row["id"], "нет педагога"), provider_of(row["provider"]))

    def cancels_lessons(self) -> None:
        """By days, or by numbers for a whole month; the same ones may be entered again."""
        row = self._enrollment(self.chance.choice(("active", "active", "completed", "terminated")))
        if row is None:
            return
        days = tuple(self.town.today + timedelta(days=self.chance.randrange(-40, 20)) for _each in range(4))
        numbers = wishes.CancelLessons(
            row["group"],
            (),
            Month.of(self.chance.choice(days)),
            self.chance.randrange(1, 9),
            8,
            f"№ {self.chance.randrange(3)}",
        )
        wish = self.chance.choice((wishes.CancelLessons(row["group"], days), numbers))
        self.town.does(wish, provider_of(row["provider"]))

    def decides_a_dispute(self) -> None:
        found = self.town.one(
            "SELECT d.enrollment, c.municipality FROM dispute d JOIN enrollment e ON e.id = d.enrollment "
            "JOIN certificate c ON c.id = e.certificate WHERE d.state = 'open' ORDER BY d.id"
        )
        if found:
            self.town.does(wishes.DecideDispute(found[0], self.chance.random() < 0.5, "проверено"), operator(found[1]))

    def strikes_from_the_list(self) -> None:
        row = self._enrollment(self.chance.choice(("waitlisted", "offered")))
        if row:
            self.town.does(waiting.StrikeFromList(row["id"], "не отвечают"), provider_of(row["provider"]))

    # --- certificates ---

    def decides_an_application(self) -> None:
        found = self.town.one(
            "SELECT id, municipality, state FROM certificate WHERE state IN ('submitted', 'awaiting_visit') ORDER BY id"
        )
        if found is None:
            return
        number, me = found[0], operator(found[1])
        luck = self.chance.random()
        if luck < 0.15:
            self.town.does(
                certificates.RejectApplication(number, self.chance.choice(tuple(Rejection)), "см. документы"), me
            )
        elif found[2] == "awaiting_visit":
            self.town.does(certificates.ConfirmVisit(number, self.chance.random() < 0.7), me)
        else:
            fact = self.town.does(certificates.AcceptApplication(number, self.chance.random() < 0.3), me)
            if isinstance(fact, certificates.LooksLikeAnotherChild):
                self.town.does(certificates.JoinApplication(number, fact.others[0]), me)

    def changes_a_certificate(self) -> None:
        number, place, _state = self._certificate()
        group = self.town.one("SELECT id FROM certificate_group WHERE municipality = ? ORDER BY id", place)
        assert group is not None
        wish = self.chance.choices(
            (
                certificates.Freeze(number),
                certificates.Unfreeze(number),
                ConvertCertificate(number, self.chance.choice(tuple(CertificateKind))),
                certificates.ChangeGroup(number, group[0]),
                certificates.Revoke(number, self.chance.choice(tuple(Revocation))),
            ),
            (2, 2, 3, 4, 0.3),
        )[0]
        self.town.does(wish, operator(place))

    def unfreezes(self) -> None:
        found = self.town.one("SELECT id, municipality FROM certificate WHERE state = 'frozen' ORDER BY id")
        if found:
            self.town.does(certificates.Unfreeze(found[0]), operator(found[1]))

    def gives_a_code(self) -> None:
        """To whoever has shown a document: for a certificate, or for a lost chat."""
        found = self.town.one("SELECT c.number, c.municipality, g.person FROM certificate c JOIN guardianship g ON g.child = c.child "
                          "WHERE c.number IS NOT NULL ORDER BY c.id")  # fmt: skip
        if found is None:
            return
        wish: Command = certificates.IssueLinkingCode(found[0])
        if self.chance.random() < 0.4:
            wish = linking.IssueRestoreCode(found[2])
        fact: Any = self.town.does(wish, operator(found[1]))
        if code := getattr(fact, "code", ""):
            self.town.codes.append((found[0], code))

    def cuts_a_guardian(self) -> None:
        found = self.town.one("SELECT g.child, g.person, k.municipality FROM guardianship g JOIN child k ON k.id = g.child "
                          "WHERE g.rights <> 'full' ORDER BY g.id")  # fmt: skip
        if found:
            self.town.does(CutGuardian(found[0], found[1]), operator(found[2]))

    # --- the municipality ---

    def plans_money(self) -> None:
        """The next period, when the last one is less than four months away; a nominal that is missing, or another one."""
        place = self.chance.choice(self.town.places)
        me = operator(place)
        [(last,)] = self.town.rows("SELECT max(stop) FROM funding_period WHERE municipality = ?", place)
        if date.fromisoformat(last) < self.town.today + timedelta(days=90):
            self.founding.period(me, date.fromisoformat(last) + timedelta(days=1))
        periods = self.town.rows(
            "SELECT id FROM funding_period WHERE municipality = ? AND state <> 'closed' ORDER BY id", place
        )
        group = self.town.one("SELECT id FROM certificate_group WHERE municipality = ? ORDER BY id", place)
        if periods and group:
            self.founding.nominal(me, group[0], self.chance.choice(periods)[0])

    def opens_a_period(self) -> None:
        found = self.town.one("SELECT id, municipality FROM funding_period WHERE state = 'planned' ORDER BY id")
        if found and self.chance.random() < 0.2:
            self.town.does(period.OpenPeriod(found[0]), operator(found[1]))

    def grants_by_hand(self) -> None:
        """To one that has nothing of an open period, because its nominal came late."""
        found = self.town.one(
            "SELECT c.id, c.municipality, p.id FROM certificate c JOIN funding_period p ON p.municipality = c.municipality "
            "LEFT JOIN nominal n ON n.period = p.id AND n.certificate_group = c.certificate_group WHERE p.state = 'open' "
            "AND c.kind = 'funded' AND NOT EXISTS (SELECT 1 FROM account a WHERE a.kind = 'certificate' "
            "AND a.owner = c.id AND a.period = p.id) ORDER BY n.id IS NULL, c.state <> 'active', c.id LIMIT 20"
        )
        if found:
            self.town.does(period.GrantNominal(found[0], found[2]), operator(found[1]))

    def changes_the_policy(self) -> None:
        place = self.chance.choice(self.town.places)
        name, value = self.chance.choice(list(policy(self.chance).items()))
        self.town.does(municipality.SetPolicy(place, ((name, json.dumps(value)),)), administrator())

    def publishes(self) -> None:
        """A text, or one less; a district, a category, a production calendar."""
        place = self.chance.choice(self.town.places)
        kind, title = self.chance.choice(tuple(published.TextKind)), f"Текст {self.chance.randrange(6)}"
        texts: Command = published.AddText(place, kind, "ru", title, "Что важно знать.")
        if (
            known := self.town.one("SELECT id, municipality FROM municipality_text ORDER BY id")
        ) and self.chance.random() < 0.4:
            texts, place = published.RemoveText(known[0]), known[1]
        year = {"year": 2027, "off": ["2027-01-01", "2027-03-08"], "worked": []}
        wish = self.chance.choice(
            (
                texts,
                texts,
                municipality.AddDistrict(place, f"Квартал {self.chance.randrange(5)}"),
                certificates.AddCategory(place, f"own{self.chance.randrange(3)}", "Особая категория"),
                municipality.SetCalendarYear(json.dumps(year)),
            )
        )
        self.town.does(wish, operator(place))

    def minds_a_provider(self) -> None:
        """An agreement ends, now or later; a provider is closed; most times everything is as before soon (R6.13)."""
        club = self.town.one("SELECT id, municipality, state FROM provider ORDER BY id")
        assert club is not None
        place = self.chance.choice(self.town.places)
        stop = self.town.today + timedelta(days=self.chance.randrange(-2, 30))
        S = provider.ProviderState
        if club[2] != "active":
            self.town.does(provider.SetProviderState(club[0], S.ACTIVE), operator(club[1]))
        elif self.chance.random() < 0.6:
            self.town.does(provider.AddAgreement(place, club[0], self.town.today), operator(place))
        elif self.chance.random() < 0.5:
            self.town.does(provider.EndAgreement(place, club[0], stop), operator(place))
        else:
            self.town.does(
                provider.SetProviderState(club[0], self.chance.choice((S.BANNED, S.NO_LICENSE))), operator(club[1])
            )

    def opens_a_group(self) -> None:
        module = self.town.one("SELECT id FROM module ORDER BY id")
        assert module is not None
        self.founding.group(module[0])

    def holds_an_event(self) -> None:
        """Published by the municipality, called off now and then."""
        found = self.town.one("SELECT id, municipality FROM event WHERE state = 'planned' ORDER BY id DESC LIMIT 6")
        if found and self.chance.random() < 0.25:
            self.town.does(event.CallOffEvent(found[0], "метель"), operator(found[1]))
            return
        place = self.chance.choice(self.town.places)
        starts = datetime.combine(self.town.today, datetime.min.time()) + timedelta(
            days=self.chance.randrange(2, 40), hours=16
        )
        self.town.does(
            event.AddEvent(place, "День открытых дверей", starts, 5, 17, self.chance.choice((None, 1, 3))),
            operator(place),
        )

    def minds_comments(self) -> None:
        found = self.town.one(
            "SELECT r.id, p.municipality, p.provider, r.comment_state FROM rating r JOIN program p ON p.id = r.program "
            "WHERE r.comment IS NOT NULL ORDER BY r.id"
        )
        if found is None:
            return
        if found[3] == "shown" and self.chance.random() < 0.7:
            self.town.does(rating.ReplyToRating(found[0], "Спасибо!"), provider_of(found[2]))
        else:
            self.town.does(rating.CheckComment(found[0], self.chance.random() < 0.7, "грубо"), operator(found[1]))

    # --- how ---

    def _certificate(self) -> Any:
        return self.town.one("SELECT id, municipality, state FROM certificate ORDER BY id")

    def _enrollment(self, state: str) -> Any:
        return self.town.enrollment("e.state = ?", state)


DEEDS: Mapping[Callable[[Staff], None], float] = {
    Staff.answers: 16,
    Staff.enters_a_family: 3,
    Staff.ends_one: 0.6,
    Staff.cancels_lessons: 2,
    Staff.decides_a_dispute: 2,
    Staff.strikes_from_the_list: 0.5,
    Staff.decides_an_application: 5,
    Staff.changes_a_certificate: 2,
    Staff.unfreezes: 1,
    Staff.gives_a_code: 1.5,
    Staff.cuts_a_guardian: 0.2,
    Staff.plans_money: 1.5,
    Staff.opens_a_period: 0.5,
    Staff.grants_by_hand: 1,
    Staff.changes_the_policy: 0.4,
    Staff.publishes: 0.8,
    Staff.minds_a_provider: 0.6,
    Staff.opens_a_group: 2.5,
    Staff.holds_an_event: 1.5,
    Staff.minds_comments: 1.5,
}
"""What is done → how often, against each other."""
