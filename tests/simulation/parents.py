"""What families do: in their chats, tap after tap, and now and then a wish all at once, with a price that may be an old one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.dialogs.conversation import Heard, Pressed
from bot.dialogs.core import Contact, Started, Typed
from bot.domain import enrollment as wishes
from bot.domain.enrollment import last_day
from bot.domain.enrollment_seen import Offered, WeighRequest
from bot.domain.gate_refusals import NoFreeSeat
from bot.domain.messages import Command, person
from bot.domain.renewal import AcceptRenewal, DeclineRenewal, OneRenewal
from bot.domain.waiting import LeaveWaitingList, SkipPlace, TakePlace, WaitForPlace
from bot.handlers.turn import Blocked, Returned
from tests.mischief import EVENTS, FORGED
from tests.simulation.founding import NAMES, SURNAMES
from tests.simulation.messengers import Phone

EAGER = (
    "yes",
    "send",
    "stay",
    "accept",
    "agree",
    "join",
    "begin",
    "enrol",
    "confirm",
    "pay",
    "skip",
    "approve",
    "begin",
    "keep",
)
"""Choices that lead on."""
SNILS = ("112-233-445 95", "087-654-303 00", "")
OWN_DOORS = ("enrollments", "children", "certificate", "money", "search", "events", "settings", "waiting", "apply", "code", "phone",
             "link", "municipality", "help", "linking")  # fmt: skip


class Parents:
    """Each phone in somebody's hand; `town` gives the tables, the clock, chance."""

    def __init__(self, town: Any) -> None:
        self.town, self.chance = town, town.chance

    # --- in a chat ---

    def hears(self, phone: Phone) -> Heard | Blocked | Returned:
        """What this phone sends now."""
        luck = self.chance.random()
        if phone.channel != "web" and (phone.blocked or luck < 0.006):
            phone.blocked = not phone.blocked
            return Blocked() if phone.blocked else Returned()
        if luck < 0.02:
            return self.chance.choice(self.chance.choice((EVENTS, FORGED)))
        if luck < 0.05 and phone.stale:
            return Pressed(self.chance.choice(phone.stale))
        if phone.doors and luck < 0.5:
            return Pressed(phone.doors.pop())
        if not phone.keys and phone.wants == "choice":
            return Started(self.chance.choice(("", "", "in_serpukhov", f"program_{self.chance.randrange(1, 20)}")))
        if luck > 0.88:
            return self._door(phone)
        state = self.town.state_of(phone)
        if phone.wants != "choice" and self.chance.random() < 0.8:
            return self._writes(state)
        if state in TYPED and self.chance.random() < 0.3:
            return self._writes(state)
        return self._taps(phone) if phone.keys else Typed("меню")

    def _taps(self, phone: Phone) -> Heard:
        weights = []
        for data in phone.keys:
            choice = data.partition(":")[2]
            back = choice == "<" or data == ">menu"
            eager = choice.partition(":")[0] in EAGER
            weights.append(0.25 if back else 5.0 if eager else 1.0)
        return Pressed(self.chance.choices(phone.keys, weights)[0])

    def _door(self, phone: Phone) -> Heard:
        """From the menu, or to something of their own."""
        mine = self.town.own_doors(phone)
        if self.chance.random() < 0.3:
            return Pressed(f">program:{self.chance.randrange(1, 30)}")
        return Pressed(
            f">{self.chance.choice(mine or OWN_DOORS)}"
            if self.chance.random() < 0.5
            else f">{self.chance.choice(OWN_DOORS)}"
        )

    def _writes(self, state: str) -> Heard:
        if state in ("SayPhone", "TellPhone") and self.chance.random() < 0.5:
            return Contact("79161234567", self.chance.random() < 0.9)
        return Typed(self.chance.choice(self._answers(state)))

    def _answers(self, state: str) -> Sequence[str]:
        today: date = self.town.today
        name = f"{self.chance.choice(SURNAMES)} {self.chance.choice(NAMES)}"
        born = today - timedelta(days=self.chance.randrange(5 * 365, 18 * 365))
        number, code = self.chance.choice(self.town.codes) if self.town.codes else ("5101000001", "ABCD-2345")
        known = self.town.born(number)
        answers: Mapping[str, Sequence[str]] = {
            "NameChild": (name, f"{name} Павлович"),
            "NameGuardian": (name,),
            "SayBirthDate": (f"{born:%d.%m.%Y}", "14.03.2017", "29.02.2016"),
            "SayAddress": ("ул. Полярная, д. 5, кв. 12",),
            "SaySnils": SNILS[:2],
            "SayPhone": ("8 916 123-45-67",),
            "TellPhone": ("8 916 765-43-21",),
            "SayEmail": ("anna@example.ru", "anna@"),
            "TypeCertificateNumber": (number,),
            "TypeCertificateBirthDate": (f"{known:%d.%m.%Y}",),
            "TypeCertificateCode": (code,),
            "EnterCode": self.town.seen_codes() or (code,),
            "WriteComment": ("Ребёнку понравилось.", "Так себе."),
            "ChooseStart": (f"{today + timedelta(days=self.chance.randrange(0, 30)):%d.%m.%Y}",),
            "ChooseDistrict": ("Левый берег",),
            "BrowsePrograms": ("роботы", "9 лет"),
            "TypeWords": ("шахматы",),
            "ChooseMunicipality": ("Серпухов", "елизово"),
        }
        return answers.get(state, ("да", "9", "5"))

    # --- a wish at once ---

    def acts(self) -> None:
        """One deed."""
        self.chance.choices(
            (self._asks, self._answers_what_waits, self._leaves, self._switches, self._disputes), (6, 9, 1, 1.2, 0.8)
        )[0]()

    def _asks(self) -> None:
        """The price is weighed now, and sent now or in a while; where there is no seat, they wait."""
        found = self.town.rows("SELECT g.person, g.child, p.municipality FROM guardianship g JOIN person p ON p.id = g.person "
                               "JOIN certificate c ON c.child = g.child WHERE p.municipality IS NOT NULL ORDER BY g.id")  # fmt: skip
        if not found:
            return
        who, child, place = self.chance.choice(found)
        me = person(who, place)
        groups = self.town.rows(
            'SELECT g.id FROM "group" g JOIN module m ON m.id = g.module JOIN program p ON p.id = m.program '
            "LEFT JOIN agreement a ON a.provider = p.provider AND a.municipality = ? "
            "WHERE g.stop >= ? ORDER BY a.id IS NULL, g.id DESC LIMIT 40",
            place, str(self.town.today),
        )  # fmt: skip
        for (group,) in self.chance.sample(groups, min(3, len(groups))):
            days = self.chance.choice((None, None, 0, self.chance.randrange(-30, 40)))
            start = None if days is None else self.town.today + timedelta(days=days)
            seen = self.town.asks(WeighRequest(child, group, start), me)
            if isinstance(seen, Offered):
                pays = self.chance.random() < 0.8
                wish = wishes.RequestEnrollment(child, group, seen.start, seen.quote, pays, all_the_same=True)
                if self.chance.random() < 0.15:
                    self.town.later.append((wish, me))
                else:
                    self.town.does(wish, me)
                return
            if isinstance(seen, NoFreeSeat):
                self.town.does(WaitForPlace(child, group), me)
                return

    def _answers_what_waits(self) -> None:
        state = self.chance.choice(("claimed", "accepted", "accepted", "offered", "renewal_offered", "requested"))
        row = self.town.enrollment("e.state = ?", state)
        me = row and self.town.guardian(row["child"])
        if not me:
            return
        number = row["id"]
        if self.chance.random() < 0.12:
            no = {"claimed": wishes.DenyClaim, "offered": SkipPlace, "renewal_offered": DeclineRenewal}
            self.town.does(no.get(state, wishes.WithdrawRequest)(number), me)
        elif state == "offered":
            seen = self.town.asks(WeighRequest(row["child"], row["group"], None, number), me)
            if isinstance(seen, Offered):
                self.town.does(TakePlace(number, seen.start, seen.quote, pays=True, all_the_same=True), me)
        elif state == "renewal_offered":
            renewal = self.town.asks(OneRenewal(number), me)
            if renewal and renewal.quote:
                self.town.does(AcceptRenewal(number, renewal.quote, pays=True), me)
        else:
            yes: Mapping[str, Callable[[int], Command]] = {
                "claimed": wishes.ConfirmClaim,
                "accepted": wishes.ConcludeOffer,
                "requested": wishes.ApproveRequest,
            }
            self.town.does(yes[state](number), me)

    def _leaves(self) -> None:
        row = self.town.enrollment("e.state IN ('active', 'requested', 'accepted', 'waitlisted')")
        me = row and self.town.guardian(row["child"])
        if me:
            last = last_day(self.town.today_in(row["payer"]), date.fromisoformat(row["stop"] or str(self.town.today)))
            wish = {"active": wishes.EndEnrollment(row["id"], last), "waitlisted": LeaveWaitingList(row["id"])}
            self.town.does(wish.get(row["state"], wishes.WithdrawRequest(row["id"])), me)

    def _switches(self) -> None:
        row = self.town.enrollment("e.state IN ('active', 'requested', 'accepted')")
        me = row and self.town.guardian(row["child"])
        others = row and self.town.rows(
            'SELECT id FROM "group" WHERE module = ? AND id <> ? ORDER BY id', row["module"], row["group"]
        )
        if me and others:
            self.town.does(wishes.SwitchGroup(row["id"], self.chance.choice(others)[0], all_the_same=True), me)

    def _disputes(self) -> None:
        row = self.town.enrollment("e.state IN ('active', 'completed', 'terminated', 'accepted')")
        me = row and self.town.guardian(row["child"])
        if me:
            self.town.does(wishes.OpenDispute(row["id"]), me)


TYPED = ("ChooseStart", "BrowsePrograms", "ChooseMunicipality", "ChooseDistrict", "EnterCode")
"""States with buttons that also understand what is typed."""
