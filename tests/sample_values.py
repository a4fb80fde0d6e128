"""What samples say: values by the name of the field they are for."""

from dataclasses import replace
from datetime import date, time
from itertools import zip_longest
from typing import Any

from bot.dialogs.chats import CHANNELS
from bot.dialogs.home import TOPICS, Home
from bot.dialogs.my_data import CHAPTERS, CODES, FIELDS
from bot.dialogs.settings import TOPICS as TOPICS_TO_SWITCH
from bot.domain import gate_refusals
from bot.domain.application import Question
from bot.domain.calendar import Month, Span
from bot.domain.catalogue import (
    Direction,
)
from bot.domain.certificate import Rejection, Revocation
from bot.domain.clashes import Course
from bot.domain.enrollment import Reason
from bot.domain.enrollment_seen import MonthPlanned
from bot.domain.event import AgeDoesNotFitEvent, EventIsCalledOff, EventIsFull, EventIsOver, SignedUpAlready
from bot.domain.fitting import Candidate
from bot.domain.ledger import Why
from bot.domain.lessons import Lesson
from bot.domain.linking import GIVES, CodeKind
from bot.domain.messages import Refusal
from bot.domain.money import ZERO, Money
from bot.domain.parts import PARTS
from bot.domain.privacy import Chapter, Entry
from bot.domain.rating import GuardiansRate, NothingToRate, NotOverYet, RatedByAnother, TooLateToChange
from bot.domain.topics import Topic
from bot.notifications.notice import About

SHORT = "Робототехника"
LONG = "Робототехника и программирование микроконтроллеров для школьников: продолжение"
LONG_PLACE = "посёлок городского типа Верхнее Лесное Озеро"
COMMENT = "Дочке понравилось, группа маленькая."
WORDS: dict[str, tuple[str, ...]] = {
    "first_name": ("Анна",),
    "child_name": ("Анна",),
    "name": (SHORT, LONG),
    "surname": ("Ким",),
    "patronymic": ("Сергеевна", ""),
    "program": (SHORT, LONG),
    "program_name": (SHORT, LONG),
    "title": ("Мастер-класс по гончарному делу",),
    "provider": ("Дом творчества",),
    "provider_name": ("Дом творчества",),
    "provider_phone": ("+7 495 123-45-67", ""),
    "provider_site": ("https://dom.example.ru", ""),
    "municipality": ("Светлогорск",),
    "place": ("Дворец пионеров",),
    "address": ("Лесная ул., 5", ""),
    "teacher": ("Орлова М. П.", ""),
    "module": ("Первый год", ""),
    "phone": ("+79161234567", ""),
    "email": ("anna@example.ru", ""),
    "snils": ("11223344595", ""),
    "number": ("7701123456",),
    "code": ("ABCE2345",),
    "typed": ("Лесной", ""),
    "words": ("", "роботы"),
    "read_as": ("", "роботы"),
    "wanted_group": ("", "ОВЗ и инвалиды"),
    "group": ("Все дети",),
    "activity": (SHORT, ""),
    "description": ("Собираем и программируем роботов.", ""),
    "body": ("Мы работаем по будням с 9:00 до 18:00.", "Мы работаем по будням. " * 300),
    "comment": (COMMENT, ""),
    "comment_reason": ("названа фамилия ребёнка",),
    "reply": ("Спасибо, приходите ещё!", ""),
    "text": (COMMENT,),
    "initials": ("А. К.",),
    "url": ("https://example.ru/bot",),
    "channel": ("telegram", "vk", "web"),
    "language": ("ru",),
    "conversion": ("on_request", "automatic"),
    "by": ("guardian", "provider", "municipality", "system"),
    "ended_by": ("", "guardian", "provider"),
    "rights": ("full", "read", "self"),
    "why": ("", "no_certificate", "accounting", "closed", "no_money", "unknown", "commercial"),
    "topic": ("certificate",),
    "trouble": ("code",),
    "key": ("charge:5:2026-10",),
    "version": ("1",),
    "MyPhone": ("+79161234567", ""),
    "CalendarFile": ("BEGIN:VCALENDAR", ""),
    "WeekFile": ("BEGIN:VCALENDAR", ""),
    "state": ("submitted", "awaiting_visit", "rejected", "frozen", "revoked", "closed_age"),
}
"""A string field's samples by its name."""
REASONS = ("", "Группа набрана.", *Reason)
IDS = {
    "id",
    "child",
    "person",
    "enrollment",
    "certificate",
    "event",
    "group",
    "program",
    "period",
    "provider",
    "district",
}
IDS |= {
    "text",
    "chat",
    "municipality",
    "module",
    "enrollment_id",
    "certificate_id",
    "offer",
    "renews",
    "renewal",
    "mine",
    "bill",
    "payer",
}
AMOUNTS: tuple[Money, ...] = (Money(450_000), Money(123_456), ZERO)
NUMBERS: dict[str, tuple[int, ...]] = {
    "age": (9, 1, 2, 14),
    "age_min": (7,),
    "age_max": (9, 7, 12),
    "youngest": (7,),
    "oldest": (9, 11),
    "page": (0, 1),
    "pages": (1, 3),
    "stars": (0, 4),
    "tenths": (47,),
    "months": (9, 1),
    "weekday": (2,),
    "pay_day": (10,),
    "left": (4, 1, 0),
    "minutes": (40, 1, 22),
    "hours": (24, 21, 2),
    "years": (18,),
    "max_age": (18,),
    "min_age": (5,),
    "length": (1_204,),
    "most": (1_000,),
    "number": (0, 3),
}
COUNTS = (5, 1, 2, 0)
DAYS = {
    "birth_date": date(2017, 3, 14),
    "start": date(2026, 9, 1),
    "stop": date(2027, 5, 31),
    "since": date(2026, 1, 20),
    "earliest": date(2026, 9, 1),
    "today": date(2026, 8, 20),
    "valid_until": date(2035, 3, 14),
}
SHOWN_FIRST = {"is_open", "is_active", "provider_open", "agreed", "mine", "may_cancel", "may_dispute", "decides"}
"""Flags that are nearly always on."""
HOME = Home()
GATE = tuple(kind for kind in vars(gate_refusals).values() if isinstance(kind, type) and issubclass(kind, Refusal))
FOR_EVENT = (AgeDoesNotFitEvent, EventIsCalledOff, EventIsFull, EventIsOver, SignedUpAlready)
FOR_RATING = (RatedByAnother, TooLateToChange, NotOverYet, NothingToRate, GuardiansRate)
REFUSALS = {"EventCard": FOR_EVENT, "ChildForEvent": FOR_EVENT, "RatingSeen": FOR_RATING}
"""Which refusals a field of a class may hold; elsewhere those of the gate."""
MY_DATA = tuple(
    Chapter(
        kind,
        (
            Entry(
                (
                    *((name, "Анна") for name in FIELDS if name not in CODES),
                    *(pair for pair in codes if pair is not None),
                )
            ),
        ),
    )
    for kind, codes in zip_longest(
        CHAPTERS, zip_longest(*([(name, code) for code in codes] for name, codes in CODES.items())), fillvalue=()
    )
    if kind
)
"""Every field and every code of the file of personal data, spread over its chapters."""
REST = Span(date(2026, 9, 21), date(2027, 5, 31))
CLUB = Candidate(
    7, SHORT, "Дом творчества", 7, Direction.TECHNICAL, SHORT,
    Course(7, REST, (Lesson(2, time(15), time(16)),), 7, "Лесная ул., 5"), Money(450_000), ZERO, True, 450,
)  # fmt: skip
OTHER_CLUB = replace(CLUB, group=8, program=8, program_name=LONG, own=Money(29), torn=True)
SPECIAL: dict[tuple[str, str], tuple[Any, ...]] = {
    ("Card", "reason"): ("", *Rejection, *Revocation),
    ("Entered", "address"): ("Лесная ул., 5",),
    ("Plan", "questions"): (tuple(Question),),
    ("Form", "answered"): (tuple(Question), ()),
    ("Filters", "days"): ((), (2, 4)),
    ("Looser", "part"): ("place", "near", *PARTS),
    ("Choice", "name"): ("Центральный район", LONG_PLACE),
    ("EventPlace", "name"): ("Центральный район", LONG_PLACE),
    ("SearchPlace", "name"): ("Центральный район", LONG_PLACE),
    ("Place", "name"): ("Светлогорск", "посёлок городского типа Верхнее Лесное"),
    ("GroupOpen", "name"): ("Группа 1", "Вторая группа, продолжение для опытных ребят"),
    ("GroupLine", "name"): ("Группа 1", "Вторая группа, продолжение для опытных ребят"),
    ("ChildAge", "name"): ("Анна",),
    ("ChildForEvent", "name"): ("Анна",),
    ("EnrollmentSeen", "months"): (
        (
            MonthPlanned(Month(2026, 9), Money(226_574), Money(6_713)),
            MonthPlanned(Month(2026, 10), Money(226_574), ZERO),
        ),
        (
            MonthPlanned(Month(2026, 9), Money(226_574), Money(6_713), Money(226_574), Money(50_000)),
            MonthPlanned(Month(2026, 10), Money(226_574), Money(6_713), Money(226_574)),
        ),
        (),
    ),
    ("GuardianSeen", "name"): ("Ким Ольга Петровна", ""),
    ("GuardianSeen", "channels"): (("telegram", "vk"), ()),
    ("ProgramCard", "links"): (tuple((channel, "https://example.ru/bot?12") for channel in CHANNELS), ()),
    ("ShowInvitation", "kind"): tuple(GIVES),
    ("ConfirmSame", "kind"): (CodeKind.CHANNEL, CodeKind.RESTORE),
    ("TopicSwitched", "topic"): tuple(TOPICS_TO_SWITCH),
    ("Chosen", "muted"): ((), (Topic.MONEY,), tuple(TOPICS_TO_SWITCH)),
    ("SetLanguage", "language"): ("ru", "en"),
    ("SetsSeen", "why"): ("", "no_certificate", "accounting", "pending", "no_money"),
    ("SetsSeen", "leaving"): ("", SHORT),
    ("ReadSet", "groups"): ((7,), (7, 8)),
    ("ClubSet", "clubs"): ((CLUB,), (CLUB, OTHER_CLUB), (OTHER_CLUB,)),
    ("BalanceSeen", "kind"): ("funded", "accounting", "pending", ""),
    ("ReadHelp", "topic"): tuple(TOPICS),
    ("DisputeDecided", "reason"): ("", "Занятия подтверждены журналом."),
    ("OfferRevoked", "reason"): ("", "Группа набрана."),
    ("EventLost", "reason"): ("заболел преподаватель",),
    ("Adjusted", "amount"): (Money(450_000), Money(-450_000)),
    ("Adjusted", "why"): (Why.NOMINAL, Why.CATEGORY),
    ("Returned", "why"): (Why.REFUSED, Why.WITHDRAWN, Why.TERMINATED, Why.COMPLETED, Why.LESSONS, Why.MISTAKE),
    ("PassedOn", "why"): (Why.TERMINATED, Why.WITHDRAWN, Why.LESSONS, Why.MISTAKE),
    ("Withdrawn", "why"): (Why.EXPIRY, Why.FREEZE, Why.CONVERSION, Why.REVOCATION, Why.AGE),
    ("Line", "amount"): (Money(-450_000), Money(123_456)),
    ("AllAboutMe", "chapters"): (MY_DATA,),
}
"""Where the name of a field says too little: by class and field."""

SEVERAL = {number: (name, "Дом творчества") for number, name in enumerate((SHORT, LONG) * 4, 1)}
HERE: dict[str, Any] = {
    "municipality": "Город Апатиты",
    "announcement": ("В понедельник занятий нет.", "No lessons on Monday."),
}
ABOUT = About("Анна", SHORT, "Дом творчества", "Лесная ул., 5", "День открытых дверей", SEVERAL, **HERE)
ABOUTS = (
    ABOUT,
    About("Анна", SHORT, "Дом творчества", **HERE),
    About("Анна", LONG, "Дом творчества", event=LONG, **{**HERE, "announcement": ("Слово " * 499 + "конец.", "")}),
)
"""What a notice knows of names: all, no address, long ones."""
