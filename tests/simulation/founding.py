"""The town on its first day: municipalities from UTC+2 to UTC+12, their policies and money, providers, programs, families."""

import json
import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.domain import certificate_staff, municipality, period, provider
from bot.domain.certificate import CertificateKind, ConvertCertificate, valid_until
from bot.domain.messages import SYSTEM, Actor, operator
from bot.domain.money import Money
from bot.storage import schema
from bot.storage.calendar_link import PUBLIC_URL
from bot.storage.shelf import shelve
from bot.storage.tx import Tx

FIRST = datetime(2026, 1, 18, 22, 30, tzinfo=UTC)
"""In the middle of a school year, at an hour when it is two days in the town at once; whoever was born on 29 February 2008 is 18 soon."""
PLACES = (
    ("svetlogorsk", "Светлогорск", "Europe/Kaliningrad", "3901"),
    ("serpukhov", "Серпухов", "Europe/Moscow", "5001"),
    ("elizovo", "Елизово", "Asia/Kamchatka", "4101"),
)
CHANNELS = ("telegram", "vk", "web")
SURNAMES = ("Орлов", "Лебедев", "Зуев", "Ёлкин", "Сизов", "Ким")
NAMES = ("Ира", "Олег", "Вера", "Пётр", "Анна", "Лев", "Майя", "Глеб", "Ася", "Тимур")
DIRECTIONS = ("technical", "science", "sport", "art", "tourism", "social")


def policy(chance: random.Random) -> dict[str, Any]:
    """What this municipality decides differently."""
    either: dict[str, tuple[Any, ...]] = {
        "conversion": ("on_request", "automatic"),
        "identity_check": ("visit", "visit", "none"),
        "allow_full_parent_pay": (False, True),
        "backdating_days": (0, 40),
        "prorate_grant": (False, False, True),
        "accounting_limit": (None, 1),
        "on_18": ("finish", "month_end"),
        "moving_away": ("month_end", "finish"),
        "age_on": ("start", "request", "september"),
        "unused_days": (0, 90),
        "renewal_deadline_days": (0, 3),
        "offer_hours": (24, 5),
        "quiet_from": ("21:00:00", "20:30:00"),
        "visit_days": (30, 5),
        "request_days": (5, 2),
        "acceptance_days": (10, 3),
        "claim_days": (10, 3),
        "rating_edit_days": (14, 3),
    }
    return {name: chance.choice(values) for name, values in either.items()}


class Founding:
    """Everything that is there before the first step; `does` and `run` are those of the town."""

    def __init__(self, town: Any, families: int) -> None:
        self.town, self.chance = town, town.chance
        self.names = 0
        address = {"name": PUBLIC_URL, "value": "https://bot.example"}
        town.run(lambda tx: tx.upsert(schema.setting, [address], "name"))
        for code, name, zone, prefix in PLACES:
            self.municipality(code, name, zone, prefix)
        for _each in range(families):
            self.family(self.chance.choice(self.town.places))

    def municipality(self, code: str, name: str, zone: str, prefix: str) -> None:
        """With two districts, three categories, the first period, two providers."""
        made = self.town.does(municipality.AddMunicipality(code, name, zone, prefix), SYSTEM)
        place, me = made.municipality, operator(made.municipality)
        self.town.places.append(place)
        for district in ("Левый берег", "Правый берег"):
            self.town.does(municipality.AddDistrict(place, district), me)
        fields = tuple((name, json.dumps(value)) for name, value in policy(self.chance).items())
        self.town.does(municipality.SetPolicy(place, fields), SYSTEM)
        self.town.does(certificate_staff.AddCategory(place, "disability", "ОВЗ и инвалиды"), me)
        self.town.does(certificate_staff.AddCategory(place, "orphan", "Сироты"), me)
        self.period(me, date(2026, 1, 12))
        [first] = self.town.rows("SELECT id FROM funding_period WHERE municipality = ?", place)
        self.town.does(period.OpenPeriod(first[0]), me)
        for number in (1, 2):
            self.provider(place, f"{name}, дом творчества {number}")

    def period(self, me: Actor, start: date) -> None:
        """Two to four months, to the end of a month or into the middle of one; most nominals are known at once."""
        stop = start + timedelta(days=self.chance.randrange(60, 130))
        if self.chance.random() < 0.7:
            stop = stop.replace(day=1) - timedelta(days=1)
        if not hasattr(made := self.town.does(period.AddPeriod(f"с {start}", start, stop), me), "period"):
            return
        for (group,) in self.town.rows("SELECT id FROM certificate_group WHERE municipality = ?", me.municipality):
            if self.chance.random() < 0.9:
                self.nominal(me, group, made.period)

    def nominal(self, me: Actor, group: int, number: int) -> None:
        amount = Money(self.chance.choice((600_000, 1_200_000, 777_777, 1_500_001)))
        limit = self.chance.choice((None, None, None, 60))
        self.town.does(period.SetNominal(group, number, amount, limit), me)

    def provider(self, place: int, name: str) -> None:
        """With an agreement at home, most times abroad too; three programs."""
        made = self.town.adds(schema.provider, municipality=place, name=name, kind="municipal")
        for other in self.town.places:
            if other == place or self.chance.random() < 0.7:
                self.town.does(provider.AddAgreement(other, made, date(2025, 1, 1)), operator(other))
        for _each in range(3):
            self.program(place, made)

    def program(self, place: int, whose: int) -> None:
        self.names += 1
        ages = self.chance.choice(((5, 18), (5, 18), (7, 12), (10, 17)))
        made = self.town.adds(
            schema.program,
            provider=whose,
            municipality=place,
            external_id=f"p{self.names}",
            name=f"{self.chance.choice(('Роботы', 'Шахматы', 'Хор', 'Лыжи'))} {self.names}",
            registry=self.chance.choice(("certified", "certified", "certified", "general", "significant")),
            direction=self.chance.choice(DIRECTIONS),
            age_min=ages[0],
            age_max=ages[1],
        )
        for number in (1, 2):
            price = self.chance.choice((0, self.chance.randrange(1, 1_500_000), self.chance.randrange(1, 1_500_000)))
            normative = self.chance.choice((None, None, max(price * 2 // 3, 1)))
            module = self.town.adds(
                schema.module, program=made, external_id=f"m{self.names}.{number}", name=f"Модуль {number}", price=price,
                normative=normative,
            )  # fmt: skip
            for _each in range(2):
                self.group(module)

    def group(self, module: int) -> None:
        """Begins about now, lasts a month or a year; few seats; with a timetable, most times."""
        self.names += 1
        program, place = self.town.rows(
            "SELECT p.id, p.municipality FROM module m JOIN program p ON p.id = m.program WHERE m.id = ?", module
        )[0]
        start = self.town.today + timedelta(days=self.chance.randrange(-5, 25))
        [district, *_others] = self.town.rows("SELECT id FROM district WHERE municipality = ? ORDER BY id DESC", place)
        lessons = [] if self.chance.random() < 0.15 else self.chance.sample(range(1, 8), 2)
        values = {
            "module": module,
            "district": district[0],
            "external_id": f"g{self.names}",
            "name": f"Группа {self.names}",
            "address": "ул. Полярная, д. 1",
            "start": start,
            "stop": start + timedelta(days=self.chance.choice((0, 20, 60, 100, 150, 270))),
            "seats": self.chance.randrange(1, 6),
        }

        def put(tx: Tx) -> None:
            made = tx.insert(schema.group, **values)
            for weekday in lessons:
                tx.insert(schema.lesson, group=made, weekday=weekday, start=time(15), stop=time(16))
            shelve(tx, [program])

        self.town.run(put)

    # --- families ---

    def person(self, place: int, channels: int = 1) -> int:
        """A guardian who has agreed to everything, with so many chats."""
        town, now = self.town, self.town.clock.now
        who = int(
            town.adds(
                schema.person, municipality=place, language=self.chance.choice(("ru", "ru", "en")), created_at=now
            )
        )
        for channel in self.chance.sample(CHANNELS, channels):
            self.names += 1
            town.adds(schema.chat, channel=channel, address=f"{channel[0]}{self.names}", person=who, linked_at=now)
            town.post.phone(channel, f"{channel[0]}{self.names}")
        town.adds(schema.consent, person=who, purpose="certificate", version="1", hash="x", given_at=now)
        return who

    def family(self, place: int) -> None:
        """A guardian or two, a child or two, some of them with a chat of their own."""
        guardian = self.person(place, self.chance.choice((1, 1, 2)))
        second = self.person(place) if self.chance.random() < 0.25 else 0
        for _each in range(self.chance.choice((1, 1, 2))):
            born = self.chance.choice((self._born(), self._born(), self._born(), date(2008, 2, 29), date(2016, 2, 29)))
            child = self.town.adds(
                schema.child,
                municipality=place,
                surname=self.chance.choice(SURNAMES),
                first_name=self.chance.choice(NAMES),
                folded_name=f"ребенок {self.names}",
                birth_date=born,
                created_at=self.town.clock.now,
            )
            self._may(guardian, child, "full")
            if second:
                self._may(second, child, self.chance.choice(("full", "full", "read")))
            if born <= date(2011, 8, 1) and self.chance.random() < 0.4:
                self._may(self.person(place), child, "self")
            if self.chance.random() < 0.9:
                self._certificate(place, child, born)

    def _born(self) -> date:
        return date(2008, 2, 10) + timedelta(days=self.chance.randrange(0, 4700))

    def _may(self, who: int, child: int, rights: str) -> None:
        self.town.adds(schema.guardianship, person=who, child=child, rights=rights, since=self.town.clock.now)

    def _certificate(self, place: int, child: int, born: date) -> None:
        self.names += 1
        prefix = next(row[0] for row in self.town.rows("SELECT number_prefix FROM municipality WHERE id = ?", place))
        group = next(
            row[0]
            for row in self.town.rows("SELECT id FROM certificate_group WHERE municipality = ? ORDER BY id", place)
        )
        made = self.town.adds(
            schema.certificate,
            child=child,
            municipality=place,
            certificate_group=group,
            number=f"{prefix}{self.names:06}",
            kind="accounting",
            state="active",
            activated_at=self.town.clock.now,
            valid_until=valid_until(born, 18),
        )
        if self.chance.random() < 0.85:
            self.town.does(ConvertCertificate(made, CertificateKind.FUNDED), operator(place))
