"""More families of the demo, so that a report has something to show: everything they did went through the commands that any family uses.

The children who live there are an example too, as few as the demo's town is small: nobody's statistics.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from bot.demo.town import everyone, must
from bot.domain.application import ApplicationSubmitted, Entered, FullName, SubmitApplication
from bot.domain.calendar import Month
from bot.domain.certificate import CertificateKind, ConvertCertificate
from bot.domain.certificate_staff import AcceptApplication, ConfirmVisit
from bot.domain.enrollment import AcceptRequest, ConcludeOffer, EndEnrollment, RequestEnrollment
from bot.domain.enrollment_facts import Requested
from bot.domain.enrollment_seen import Offered, WeighRequest
from bot.domain.messages import SYSTEM, Actor, operator, person, provider
from bot.domain.population import Living, SetPopulation
from bot.domain.privacy import ConsentWords, GiveConsent
from bot.domain.rating import RateProgram
from bot.storage.schema import district, group, module, municipality, program
from bot.storage.schema import person as person_table
from bot.storage.tx import Tx

AGES = range(5, 18)
GIRLS = ("Алиса", "Варвара", "Дарья", "Ева", "Злата", "Кира", "Лада", "Мария", "Нина")
BOYS = ("Артём", "Богдан", "Глеб", "Егор", "Иван", "Кирилл", "Лев", "Матвей", "Олег")
FAMILIES = 30
WITHOUT_A_CLUB = 6
"""Every such family has a certificate and has found no club yet."""
WHERE = (0, 1, 0, 2, 1, 0, 0)
"""The districts in which they live, by turns: not as many in each."""
LEAVES, STARS = 5, (5, 4, 5, 3)
"""Every such family leaves its club in October, and rates it so."""


@dataclass(frozen=True)
class Learner:
    """A guardian and the child's enrollment."""

    who: int
    enrollment: int


def tell_population(tx: Tx) -> None:
    """Some children of every age in each district of every municipality."""
    for place in tx.sql(select(municipality.c.id).order_by(municipality.c.id)).scalars().all():
        districts = tx.sql(
            select(district.c.id).where(district.c.municipality == place).order_by(district.c.id)
        ).scalars()
        living = (
            Living(where, age, sex, 1 + (age + number) % 2 + (sex == "f" and age % 3 == 0))
            for number, where in enumerate(districts)
            for age in AGES
            for sex in ("f", "m")
        )
        must(tx.do(SetPopulation(place, 2026, tuple(living)), SYSTEM))


def settle(tx: Tx, place: int, first_lessons: date) -> tuple[Learner, ...]:
    """Families with a certificate; most of their children enrol in a club that fits."""
    districts = (
        tx.sql(select(district.c.id).where(district.c.municipality == place).order_by(district.c.id)).scalars().all()
    )
    found = []
    for number in range(FAMILIES):
        age = AGES[number * 5 % len(AGES)]
        girl = number % 2 == 0
        first_name = (GIRLS if girl else BOYS)[number // 2 % len(GIRLS)]
        name = FullName("Примерова" if girl else "Примеров", first_name, "Андреевна" if girl else "Андреевич")
        born = date(first_lessons.year - age, 1 + number % 8, 1 + number % 28)
        who = tx.insert(person_table, municipality=place, language="ru", created_at=tx.now)
        me = person(who, place)
        child = _certified(tx, me, place, name, born, districts[WHERE[number % len(WHERE)] % len(districts)])
        if number % WITHOUT_A_CLUB:
            found += [Learner(who, made) for made in _enrolled(tx, me, child, place, age, first_lessons, number)]
    return tuple(found)


def _certified(tx: Tx, me: Actor, place: int, name: FullName, born: date, home: int) -> int:
    words, staff = tx.read(ConsentWords("certificate"), me), operator(place, "demo")
    must(tx.do(GiveConsent("certificate", words.version, words.language), me))
    guardian = FullName("Примерова", "Ольга", "Игоревна")
    entered = Entered(name, born, home, "ул. Примерная, д. 1", guardian, "+79000000000", "", everyone(tx, place))
    applied = must(tx.do(SubmitApplication(entered), me))
    assert isinstance(applied, ApplicationSubmitted), applied
    must(tx.do(AcceptApplication(applied.certificate), staff))
    must(tx.do(ConfirmVisit(applied.certificate, category_proved=True), staff))
    must(tx.do(ConvertCertificate(applied.certificate, CertificateKind.FUNDED), staff))
    return applied.child


def _enrolled(tx: Tx, me: Actor, child: int, place: int, age: int, start: date, number: int) -> Iterator[int]:
    """In one of the clubs that fit, another one for each family; in none if no club will have the child."""
    fits = (
        select(group.c.id, program.c.provider)
        .join(module, module.c.id == group.c.module)
        .join(program, program.c.id == module.c.program)
        .where(
            program.c.municipality == place,
            program.c.registry == "certified",
            program.c.age_min <= age,
            program.c.age_max >= age,
            module.c.price > 0,
            group.c.start == start,
            group.c.taken < group.c.seats,
        )
        .order_by(program.c.direction, group.c.id)
    )
    clubs = list(tx.rows(fits))
    first = number * 7 % max(1, len(clubs))
    for club in clubs[first:] + clubs[:first]:
        weighed = tx.read(WeighRequest(child, club.id, start), me)
        if isinstance(weighed, Offered) and not weighed.clashes:
            requested = must(tx.do(RequestEnrollment(child, club.id, start, weighed.quote, pays=True), me))
            assert isinstance(requested, Requested)
            must(tx.do(AcceptRequest(requested.enrollment), provider(club.provider, "demo")))
            must(tx.do(ConcludeOffer(requested.enrollment), me))
            yield requested.enrollment
            return


def leave(tx: Tx, learners: tuple[Learner, ...], today: date) -> None:
    """Some give notice (R5.5)."""
    for each in learners[::LEAVES]:
        must(tx.do(EndEnrollment(each.enrollment, Month.of(today).last), person(each.who)))


def rate(tx: Tx, learners: tuple[Learner, ...]) -> None:
    """Whoever has left says how it was (R7)."""
    for number, each in enumerate(learners[::LEAVES]):
        must(tx.do(RateProgram(each.enrollment, STARS[number % len(STARS)]), person(each.who)))
