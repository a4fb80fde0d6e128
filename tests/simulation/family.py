"""What people wish beside their clubs: to apply, to share a child, to be told, to rate, to come to an event, to be forgotten."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from bot.domain.application import Entered, FullName, ReadApplication, SubmitApplication
from bot.domain.calendar_link import CutCalendarLink, MakeCalendarLink
from bot.domain.card_code import MakeCardCode, RevokeCardCode
from bot.domain.catalogue import Direction, Filters
from bot.domain.certificate import LinkCertificate
from bot.domain.event import CancelSignup, SignUp
from bot.domain.linking import CodeKind, MakeLinkCode, TryCode, UseLinkCode
from bot.domain.messages import Actor, Command, person
from bot.domain.privacy import DeleteMe, GiveConsent, WithdrawConsent
from bot.domain.rating import Aspect, DeclineRating, LeaveComment, RateAspect, RateProgram
from bot.domain.saved_search import PauseSearch, RemoveSearch, SaveSearch
from bot.domain.settings import CutChat, PreferChat, SetLanguage, SwitchTopic
from bot.domain.topics import Topic
from tests.simulation.founding import NAMES, SURNAMES


class Family:
    """Each deed picks who does it from the tables, wishes it, and looks no further."""

    def __init__(self, town: Any) -> None:
        self.town, self.chance = town, town.chance

    def acts(self) -> None:
        """One deed."""
        deeds = list(DEEDS)
        self.chance.choices(deeds, [DEEDS[deed] for deed in deeds])[0](self)

    # --- certificates and whose children they are ---

    def applies(self) -> None:
        """For a child of their own, for one that another family has named too (R2.10), or again after a rejection (R2.9)."""
        me = self._somebody()
        rejected = self.town.one("SELECT c.id, g.person FROM certificate c JOIN guardianship g ON g.child = c.child "
                             "WHERE c.state = 'rejected' AND g.rights = 'full' ORDER BY c.id")  # fmt: skip
        if rejected and self.chance.random() < 0.5:
            me = person(rejected[1])
            if entered := self.town.asks(ReadApplication(rejected[0]), me):
                self.town.does(SubmitApplication(entered, rejected[0]), me)
            return
        district = self.town.one("SELECT id FROM district WHERE municipality = ? ORDER BY id", me.municipality)
        group = self.town.one("SELECT id FROM certificate_group WHERE municipality = ? ORDER BY id", me.municipality)
        name = FullName(self.chance.choice(SURNAMES), self.chance.choice(NAMES), "Павлович")
        born = self.town.today - timedelta(days=self.chance.randrange(5 * 365, 18 * 365))
        known = self.town.one(
            "SELECT surname, first_name, patronymic, birth_date FROM child WHERE patronymic <> '' ORDER BY id"
        )
        if known and self.chance.random() < 0.3:
            name, born = FullName(*known[:3]), date.fromisoformat(known[3])
        entered = Entered(
            name, born, district[0], "ул. Полярная, д. 5", FullName("Орлова", "Анна"), "+79161234567", "", group[0]
        )
        self.town.does(SubmitApplication(entered), me)

    def links_a_certificate(self) -> None:
        """By a code that the staff has given (R2.11)."""
        if self.town.codes:
            number, code = self.chance.choice(self.town.codes[-6:])
            self.town.does(LinkCertificate(number, self.town.born(number), code), self._somebody())

    def shares(self) -> None:
        """A code for a child, or for one more chat of one's own; used at once, and mistyped now and then (R1.3)."""
        child, me = self._child()
        kind = self.chance.choice((CodeKind.GUARDIAN, CodeKind.READ, CodeKind.SELF, CodeKind.CHANNEL, CodeKind.CHANNEL))
        made = self.town.does(MakeLinkCode(kind, 0 if kind is CodeKind.CHANNEL else child), me)
        stranger = self.town.one("SELECT id FROM person WHERE deleted_at IS NULL AND id NOT IN (SELECT person FROM guardianship) "
                             "ORDER BY id")  # fmt: skip
        other = person(stranger[0]) if stranger and self.chance.random() < 0.5 else self._somebody()
        if code := getattr(made, "code", ""):
            code = code if self.chance.random() < 0.85 else code[::-1]
            self.town.does(self.chance.choices((UseLinkCode(code), TryCode(code)), (4, 1))[0], other)

    def shows_a_card(self) -> None:
        child, me = self._child()
        self.town.does(self.chance.choices((MakeCardCode(child), RevokeCardCode(child)), (2, 1))[0], me)

    # --- what they are told, and where ---

    def wants_news(self) -> None:
        """A search is saved, or one is silent for a while, or forgotten."""
        kept = self.town.one("SELECT id, person, paused FROM saved_search ORDER BY id")
        if kept and self.chance.random() < 0.5:
            wishes = PauseSearch(kept[0], not kept[2]), RemoveSearch(kept[0])
            self.town.does(self.chance.choices(wishes, (3, 1))[0], person(kept[1]))
            return
        program = self.town.one("SELECT id FROM program ORDER BY id")
        any_of = Filters(
            age=self.chance.randrange(5, 18),
            direction=self.chance.choice((None, *Direction)),
            free_seats=self.chance.random() < 0.5,
        )
        self.town.does(self.chance.choice((SaveSearch(program=program[0]), SaveSearch(any_of))), self._somebody())

    def links_a_calendar(self) -> None:
        self.town.does(self.chance.choices((MakeCalendarLink(), CutCalendarLink()), (2, 1))[0], self._somebody())

    def settles(self) -> None:
        """Languages, topics, chats."""
        me = self._somebody()
        chat = self.town.one("SELECT id FROM chat WHERE person = ? AND cut_at IS NULL ORDER BY id", me.person)
        wishes: list[Command] = [
            SwitchTopic(self.chance.choice(tuple(Topic)), self.chance.random() < 0.5),
            SetLanguage(self.chance.choice(("ru", "en"))),
        ]
        if chat:
            wishes += [PreferChat(chat[0]), CutChat(chat[0])]
        self.town.does(self.chance.choice(wishes), me)

    # --- ratings, events ---

    def rates(self) -> None:
        """Stars, or more about what was rated; in vain where it is too early, too late or another's."""
        row = self.town.enrollment("e.state IN ('completed', 'terminated')")
        given = self.town.one("SELECT chain, person FROM rating WHERE state = 'given' ORDER BY id DESC LIMIT 8")
        stars = self.chance.randrange(1, 6)
        if given and self.chance.random() < 0.5:
            comment = LeaveComment(given[0], self.chance.choice(("Понравилось.", "Так себе.", "")))
            aspect = RateAspect(given[0], self.chance.choice(tuple(Aspect)), stars)
            self.town.does(self.chance.choices((comment, aspect), (2, 1))[0], person(given[1]))
        elif row and (me := self.town.guardian(row["child"])):
            wishes = RateProgram(row["id"], stars), DeclineRating(row["id"])
            self.town.does(self.chance.choices(wishes, (6, 1))[0], me)

    def visits(self) -> None:
        """Or stays at home after all; on events that are over or called off too."""
        event = self.town.one("SELECT id, municipality FROM event ORDER BY id DESC LIMIT 8")
        going = event and self.town.one("SELECT child, person FROM event_signup WHERE event = ? ORDER BY id", event[0])
        if going and self.chance.random() < 0.3:
            self.town.does(CancelSignup(event[0], going[0]), person(going[1]))
        elif event:
            child = self.town.one(
                "SELECT id FROM child WHERE municipality = ? AND deleted_at IS NULL ORDER BY id", event[1]
            )
            if child and (me := self.town.guardian(child[0])):
                self.town.does(SignUp(event[0], child[0]), me)

    # --- personal data (R9) ---

    def is_forgotten(self) -> None:
        """Everything, or one consent; whoever has taken the one on health back gives it again later."""
        wish = self.chance.choices(
            (GiveConsent("health", "1", "ru"), WithdrawConsent("health"), WithdrawConsent("certificate"), DeleteMe()),
            (5, 2, 0.5, 1),
        )[0]
        self.town.does(wish, self._somebody())

    # --- how ---

    def _somebody(self) -> Actor:
        return person(
            *self.town.one(
                "SELECT id, municipality FROM person WHERE municipality IS NOT NULL AND deleted_at IS NULL ORDER BY id"
            )
        )

    def _child(self) -> tuple[int, Actor]:
        child, *who = self.town.one(
            "SELECT g.child, g.person, p.municipality FROM guardianship g JOIN person p ON p.id = g.person ORDER BY g.id"
        )
        return child, person(*who)


DEEDS: Mapping[Callable[[Family], None], float] = {
    Family.applies: 3,
    Family.links_a_certificate: 1,
    Family.shares: 1.5,
    Family.shows_a_card: 0.4,
    Family.wants_news: 2,
    Family.links_a_calendar: 0.4,
    Family.settles: 1,
    Family.rates: 3,
    Family.visits: 3,
    Family.is_forgotten: 0.6,
}
"""What is done → how often, against each other."""
