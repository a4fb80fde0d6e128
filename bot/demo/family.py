"""A family in the middle of its year: everything it did went through the commands that any family uses."""

from datetime import date

from sqlalchemy import Select, select

from bot.demo import neighbours
from bot.demo.time import wake_on
from bot.demo.town import everyone, must
from bot.domain.application import ApplicationSubmitted, Entered, FullName, SubmitApplication
from bot.domain.calendar import months
from bot.domain.certificate import CertificateKind, ConvertCertificate
from bot.domain.certificate_staff import AcceptApplication, ConfirmVisit
from bot.domain.enrollment import AcceptRequest, ConcludeOffer, RequestEnrollment
from bot.domain.enrollment_facts import Requested
from bot.domain.enrollment_seen import Offered, WeighRequest
from bot.domain.messages import Actor, operator, person, provider
from bot.domain.privacy import ConsentWords, GiveConsent
from bot.storage.conversations import look_again
from bot.storage.desk import Desk
from bot.storage.schema import chat, conversation, district, group, module, outbox, program, setting
from bot.storage.schema import person as person_table
from bot.storage.tx import Tx

CHILD = FullName("Образцова", "Вера", "Павловна")
GUARDIAN = FullName("Образцова", "Анна", "Игоревна")
BORN = date(2016, 10, 3)
CLUBS = ("Лёгкая атлетика", "Занимательная математика")
FIRST_LESSONS = date(2026, 9, 1)
IN_OCTOBER = date(2026, 10, 1)


async def live_half_a_year(desk: Desk, place: int, today: date) -> None:
    """Apply in August, enrol in two clubs, and live until today."""
    who = await desk.run(lambda tx: _person(tx, place))
    me, staff = person(who, place), operator(place, "demo")
    words = await desk.read(ConsentWords("certificate"), me)
    must(await desk.do(GiveConsent("certificate", words.version, words.language), me))
    applied = must(await desk.do(SubmitApplication(await desk.look(lambda tx: _entered(tx, place))), me))
    assert isinstance(applied, ApplicationSubmitted)
    must(await desk.do(AcceptApplication(applied.certificate), staff))
    must(await desk.do(ConfirmVisit(applied.certificate, category_proved=True), staff))
    must(await desk.do(ConvertCertificate(applied.certificate, CertificateKind.FUNDED), staff))
    for name in CLUBS:
        await _enrol(desk, me, applied.child, place, name)
    learners = await desk.run(lambda tx: neighbours.settle(tx, place, FIRST_LESSONS))
    for day in (*(month.first for month in months(FIRST_LESSONS, today)), today):
        await wake_on(desk, day)
        if day == IN_OCTOBER:
            await desk.run(lambda tx: neighbours.leave(tx, learners, IN_OCTOBER))
    await desk.run(lambda tx: neighbours.rate(tx, learners))
    await desk.run(lambda tx: _settle(tx, who))


async def _enrol(desk: Desk, me: Actor, child: int, place: int, name: str) -> None:
    club = (await desk.look(lambda tx: tx.rows(_group(place, name))))[0]
    weighed = await desk.read(WeighRequest(child, club.id, FIRST_LESSONS), me)
    assert isinstance(weighed, Offered), weighed
    request = RequestEnrollment(child, club.id, FIRST_LESSONS, weighed.quote, pays=True)
    requested = must(await desk.do(request, me))
    assert isinstance(requested, Requested)
    must(await desk.do(AcceptRequest(requested.enrollment), provider(club.provider, "demo")))
    must(await desk.do(ConcludeOffer(requested.enrollment), me))


def _group(place: int, name: str) -> Select[tuple[int, int]]:
    """The club's group that begins with the school year."""
    return (
        select(group.c.id, program.c.provider)
        .join(module, module.c.id == group.c.module)
        .join(program, program.c.id == module.c.program)
        .where(program.c.municipality == place, program.c.name == name, group.c.start == FIRST_LESSONS)
        .order_by(group.c.id)
    )


def _settle(tx: Tx, who: int) -> None:
    """The family waits for a visitor; what it and its neighbours were told in these months they have read."""
    tx.upsert(setting, [{"name": "demo_family", "value": str(who)}], "name")
    tx.sql(outbox.delete())


def _person(tx: Tx, place: int) -> int:
    return tx.insert(person_table, municipality=place, language="ru", created_at=tx.now)


def _entered(tx: Tx, place: int) -> Entered:
    home = tx.value(select(district.c.id).where(district.c.municipality == place).order_by(district.c.id).limit(1))
    return Entered(CHILD, BORN, home, "ул. Полярная, д. 1", GUARDIAN, "+79000000000", "", everyone(tx, place))


async def join_family(desk: Desk, address: str | None) -> None:
    """This page becomes the guardian of the family in mid-year."""

    def join(tx: Tx) -> None:
        who = tx.value(select(setting.c.value).where(setting.c.name == "demo_family"))
        here = tx.row(select(chat.c.id, chat.c.person).where(chat.c.channel == "web", chat.c.address == address))
        if who is None or here is None:
            return
        spoken = tx.value(select(person_table.c.language).where(person_table.c.id == here.person))
        tx.sql(person_table.update().where(person_table.c.id == int(who)).values(language=spoken))
        tx.sql(chat.update().where(chat.c.id == here.id).values(person=int(who)))
        tx.sql(conversation.delete().where(conversation.c.chat == here.id))
        look_again(tx, [int(who)])

    await desk.run(join)
