"""What an operator decides about providers and sees of their programs (R6.13, R10.2)."""

from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select

from bot.domain.catalogue import Registry
from bot.domain.enrollment import Reason
from bot.domain.messages import Actor, Fact, NotYours
from bot.domain.provider import (
    AddAgreement,
    AgreementEnded,
    AgreementMade,
    EndAgreement,
    ListPrograms,
    ListProviders,
    NoAgreementToEnd,
    ProgramWork,
    ProviderLine,
    ProviderState,
    ProviderStateSet,
    SetProviderState,
)
from bot.storage.enrollment_ends import close_provider
from bot.storage.schema import agreement, group, lesson, module, municipality, program, provider
from bot.storage.tx import Tx


def add_agreement(tx: Tx, command: AddAgreement, me: Actor) -> Fact:
    """One agreement a municipality and provider: it begins anew, open-ended."""
    if not _operates(me, command.municipality) or not tx.value(_provider(command.provider)):
        return NotYours()
    found = tx.value(_agreement(command.municipality, command.provider))
    if found:
        tx.sql(agreement.update().where(agreement.c.id == found).values(start=command.start, stop=None))
    else:
        tx.insert(agreement, municipality=command.municipality, provider=command.provider, start=command.start)
    return AgreementMade(command.municipality, command.provider, command.start)


def end_agreement(tx: Tx, command: EndAgreement, me: Actor) -> Fact:
    """R6.13. A last day that is already here ends what runs now; one to come is the calendar's."""
    if not _operates(me, command.municipality):
        return NotYours()
    lasting = _agreement(command.municipality, command.provider).where(agreement.c.start <= command.stop)
    found = tx.value(lasting)
    if not found:
        return NoAgreementToEnd(command.provider)
    tx.sql(agreement.update().where(agreement.c.id == found).values(stop=command.stop))
    if command.stop <= tx.today(command.municipality):
        close_provider(tx, command.provider, Reason.AGREEMENT_ENDED, command.municipality)
    return AgreementEnded(command.municipality, command.provider, command.stop)


def set_provider_state(tx: Tx, command: SetProviderState, me: Actor) -> Fact:
    """R6.13: by the operator of the provider's own municipality."""
    row = tx.row(select(provider).where(provider.c.id == command.provider))
    if row is None or not _operates(me, row.municipality):
        return NotYours()
    tx.sql(provider.update().where(provider.c.id == row.id).values(state=command.state.value))
    if command.state is not ProviderState.ACTIVE:
        close_provider(tx, row.id, Reason.PROVIDER_CLOSED)
    return ProviderStateSet(row.id, command.state)


def list_providers(tx: Tx, query: ListProviders, me: Actor) -> tuple[ProviderLine, ...]:
    """The municipality's own, and guests with an agreement. A name is looked for here: SQL's lower case knows no Cyrillic."""
    if not _operates(me, query.municipality):
        return ()
    ours = and_(agreement.c.provider == provider.c.id, agreement.c.municipality == query.municipality)
    active = program.c.provider == provider.c.id, program.c.state == "active"
    programs = select(func.count()).select_from(program).where(*active).scalar_subquery()
    wanted: list[Any] = []
    if not query.everywhere:
        wanted.append(or_(provider.c.municipality == query.municipality, agreement.c.id.is_not(None)))
    if query.only:
        wanted.append(provider.c.id == query.only)
    if query.words:
        names = tx.rows(select(provider.c.id, provider.c.name))
        wanted.append(provider.c.id.in_([row.id for row in names if query.words.casefold() in row.name.casefold()]))
    rows = tx.rows(
        select(
            provider.c.id,
            provider.c.name,
            provider.c.state,
            provider.c.municipality,
            municipality.c.name.label("place"),
            programs.label("programs"),
            agreement.c.start,
            agreement.c.stop,
        )
        .join(municipality, municipality.c.id == provider.c.municipality)
        .outerjoin(agreement, ours)
        .where(*wanted)
        .order_by(provider.c.name, provider.c.id)
        .offset(query.skip)
        .limit(query.most)
    )
    return tuple(
        ProviderLine(
            row.id,
            row.name,
            ProviderState(row.state),
            row.programs,
            row.start,
            row.stop,
            row.place,
            row.municipality == query.municipality,
        )
        for row in rows
    )


def list_programs(tx: Tx, query: ListPrograms, me: Actor) -> tuple[ProgramWork, ...]:
    """R10.2: with how full they are, and what they lack."""
    if not _operates(me, query.municipality):
        return ()
    timed = case((exists().where(lesson.c.group == group.c.id), 1), else_=0)
    live = and_(group.c.module == module.c.id, group.c.state == "active")
    rows = tx.rows(
        select(
            program.c.id,
            program.c.name,
            provider.c.name.label("provider"),
            program.c.registry,
            program.c.state,
            func.count(group.c.id).label("groups"),
            func.coalesce(func.sum(group.c.seats), 0).label("seats"),
            func.coalesce(func.sum(group.c.taken), 0).label("taken"),
            func.count(module.c.price).label("priced"),
            func.coalesce(func.sum(case((group.c.id.is_not(None), timed), else_=0)), 0).label("timed"),
        )
        .join(provider, provider.c.id == program.c.provider)
        .outerjoin(module, module.c.program == program.c.id)
        .outerjoin(group, live)
        .where(program.c.municipality == query.municipality)
        .group_by(program.c.id, program.c.name, provider.c.name, program.c.registry, program.c.state)
        .order_by(program.c.state, provider.c.name, program.c.name, program.c.id)
    )
    found = tuple(
        ProgramWork(
            row.id,
            row.name,
            row.provider,
            Registry(row.registry),
            row.state,
            row.groups,
            int(row.seats),
            int(row.taken),
            row.priced > 0 or Registry(row.registry).on_budget,
            row.timed > 0,
        )
        for row in rows
    )
    if not query.lacking:
        return found
    return tuple(each for each in found if each.state == "active" and not (each.has_price and each.has_timetable))


def _operates(me: Actor, place: int) -> bool:
    return me.role == "system" or (me.role == "operator" and me.municipality == place)


def _provider(number: int) -> Select[Any]:
    return select(provider.c.id).where(provider.c.id == number)


def _agreement(place: int, number: int) -> Select[Any]:
    return select(agreement.c.id).where(agreement.c.municipality == place, agreement.c.provider == number)
