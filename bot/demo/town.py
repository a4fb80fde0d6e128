"""The demo's region: real places of the Murmansk oblast with the sample registry, a funding period, nominals and texts."""

from datetime import date, datetime
from importlib.resources import files

from sqlalchemy import select

from bot.demo.time import set_day
from bot.domain.event import AddEvent
from bot.domain.messages import SYSTEM, Fact, Refusal, operator
from bot.domain.money import Money
from bot.domain.municipality import AddMunicipality, MunicipalityAdded, SetPolicy
from bot.domain.period import AddPeriod, OpenPeriod, PeriodAdded, SetNominal
from bot.domain.published import AddText, TextKind
from bot.storage.desk import Desk
from bot.storage.imports import import_registry
from bot.storage.schema import certificate_group
from bot.storage.tx import Tx

YEAR = (date(2026, 9, 1), date(2027, 5, 31))
NEXT_YEAR = (date(2027, 6, 1), date(2028, 5, 31))
SUMMER_BEFORE = date(2026, 8, 20)
TODAY = date(2026, 11, 16)
NOMINAL = Money(3_000_000)
MURMANSK = ("murmansk", "Город-герой Мурманск")
NEIGHBOURS = (
    ("severomorsk", "ЗАТО город Североморск"),
    ("kola", "Кольский муниципальный округ"),
    ("apatity", "Город Апатиты"),
    ("kandalaksha", "Кандалакшский муниципальный округ"),
    ("alexandrovsk", "ЗАТО Александровск"),
)
TEXTS = (
    (
        TextKind.CONTACTS,
        "ru",
        "Где нас найти",
        "Отдел образования, кабинет 12.\nТелефон: +7 815 200-01-00.\nПн–пт с 9:00 до 17:00, обед с 13:00 до 14:00.",
    ),
    (
        TextKind.CONTACTS,
        "en",
        "Where to find us",
        "Department of education, room 12.\nPhone: +7 815 200-01-00.\nMon–Fri 9:00–17:00, lunch 13:00–14:00.",
    ),
    (TextKind.QUESTION, "ru", "Что взять на приём?", "Паспорт родителя, свидетельство о рождении ребёнка и СНИЛС."),
    (TextKind.QUESTION, "en", "What should I bring?", "Your passport, the child's birth certificate and the SNILS."),
    (TextKind.QUESTION, "ru", "Сертификат нужно продлевать?", "Нет. Он действует, пока ребёнку не исполнится 18 лет."),
    (TextKind.QUESTION, "en", "Must the certificate be renewed?", "No. It is valid until the child turns 18."),
    (
        TextKind.DOCUMENT,
        "ru",
        "Правила персонифицированного финансирования",
        "Деньги сертификата идут за ребёнком в тот кружок, который выбрала семья. Остаток не переходит на следующий период.",
    ),
    (
        TextKind.DOCUMENT,
        "en",
        "Rules of the certificate",
        "The money follows the child to the club that the family has chosen. What is left does not pass to the next period.",
    ),
)


EVENTS = (
    (
        "День открытых дверей",
        datetime.fromisoformat("2026-11-21T12:00"),
        5,
        17,
        None,
        "Покажем студии, познакомим с педагогами.",
        "ул. Мира, д. 31",
    ),
    (
        "Мастер-класс: робот за час",
        datetime.fromisoformat("2026-11-28T15:00"),
        8,
        12,
        12,
        "Соберём робота и научим его ездить.",
        "ул. Набережная, д. 25",
    ),
)


async def found_murmansk(desk: Desk) -> int:
    """In the summer before the school year: one municipality with its registry, period and nominal; its id."""
    await set_day(desk, SUMMER_BEFORE)
    place = await _municipality(desk, *MURMANSK, number=1)
    await import_sample(desk, MURMANSK[0])
    for title, starts, youngest, oldest, seats, description, address in EVENTS:
        wish = AddEvent(place, title, starts, youngest, oldest, seats, description, address)
        must(await desk.do(wish, operator(place, "demo")))
    return place


async def found_neighbours(desk: Desk) -> None:
    """Other places of the region, with their part of the sample registry."""
    for number, (code, name) in enumerate(NEIGHBOURS, start=2):
        await _municipality(desk, code, name, number)
    await import_sample(desk, "")


async def import_sample(desk: Desk, code: str) -> None:
    """The sample registry, through the importer that everybody uses."""
    content = (files("bot") / "data" / "sample_registry.xlsx").read_bytes()
    await import_registry(desk, "sample_registry.xlsx", content, municipality=code, agreements=True)


async def _municipality(desk: Desk, code: str, name: str, number: int) -> int:
    added = must(await desk.do(AddMunicipality(code, name, "Europe/Moscow", f"51{number:02}"), SYSTEM))
    assert isinstance(added, MunicipalityAdded)
    me = operator(added.municipality, "demo")
    must(await desk.do(SetPolicy(added.municipality, (("conversion", '"automatic"'),)), SYSTEM))
    group = await desk.look(lambda tx: everyone(tx, added.municipality))
    for title, (start, stop) in (("2026/27", YEAR), ("2027/28", NEXT_YEAR)):
        period = must(await desk.do(AddPeriod(title, start, stop), me))
        assert isinstance(period, PeriodAdded)
        must(await desk.do(SetNominal(group, period.period, NOMINAL), me))
        if start == YEAR[0]:
            must(await desk.do(OpenPeriod(period.period), me))
    for position, (kind, language, heading, body) in enumerate(TEXTS):
        must(await desk.do(AddText(added.municipality, kind, language, heading, body, position), me))
    return added.municipality


def everyone(tx: Tx, place: int) -> int:
    """The group «all children» of a municipality."""
    table = certificate_group
    return int(tx.value(select(table.c.id).where(table.c.municipality == place, table.c.code == "all")))


def must(fact: Fact) -> Fact:
    """A demo that cannot be built says what was refused."""
    if isinstance(fact, Refusal):
        raise RuntimeError(f"the demo was refused: {fact}")
    return fact
