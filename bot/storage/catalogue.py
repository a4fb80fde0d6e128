"""The catalogue at rest: a program's card, its comments, its price for a child. The search is in search.py."""

from typing import Any

from sqlalchemy import Row, func, or_, select

from bot.domain import catalogue, pricing
from bot.domain import provider as provider_rules
from bot.domain.calendar import Span, local_date
from bot.domain.catalogue import (
    Comment,
    CommentsOn,
    Direction,
    Filters,
    GroupLine,
    ModulePrice,
    OneProgram,
    PriceFor,
    PriceSeen,
    ProgramCard,
    Registry,
    Score,
    family_price,
)
from bot.domain.certificate import BecameFunded, QueuedForFunded
from bot.domain.lessons import Lesson
from bot.domain.messages import Actor, Command, Query
from bot.domain.money import ZERO, Money
from bot.domain.understanding import HearLine
from bot.storage import catalogue_groups, catalogue_staff, catalogue_work
from bot.storage import providers as staff
from bot.storage.family import child_row, may_see
from bot.storage.first_request import as_if_requested
from bot.storage.gate import first_day
from bot.storage.hearing import hear_line
from bot.storage.ledger import balance, book
from bot.storage.places import children_to_search_for, search_places
from bot.storage.saved_search import watched
from bot.storage.schema import (
    agreement,
    certificate,
    district,
    funding_period,
    group,
    lesson,
    module,
    municipality,
    person,
    program,
    provider,
    rating,
    setting,
)
from bot.storage.search import find_programs, score
from bot.storage.tx import Doer, Reader, Tx

DEEP_LINK = {"telegram": "{url}?start=program_{id}", "vk": "{url}?ref=program_{id}", "web": "{url}?start=program_{id}"}


def one_program(tx: Tx, query: OneProgram, me: Actor) -> ProgramCard | None:
    """All of a card; the reader's municipality decides about the agreement."""
    row = _program(tx, query.program)
    if row is None:
        return None
    today = tx.today(row.municipality)
    shown_from = tx.policy(row.municipality).rating_shown_from
    registry = Registry(row.registry)
    active = group.c.state == "active", group.c.stop >= today
    groups = tx.rows(_groups(row.id).where(*active).order_by(group.c.start, module.c.id, group.c.name))
    return ProgramCard(
        id=row.id,
        name=row.name,
        description=row.description,
        activity=row.activity,
        direction=Direction(row.direction),
        registry=registry,
        age_min=row.age_min,
        age_max=row.age_max,
        for_disability=row.disability,
        is_active=row.state == "active",
        provider=row.provider_name,
        provider_phone=row.phone or "",
        provider_site=row.site or "",
        provider_open=row.provider_state == "active",
        agreed=_agreed(tx, me.municipality, row.provider),
        municipality="" if row.municipality == me.municipality else row.municipality_name,
        score=score(row.rating_sum, row.rating_count, shown_from),
        provider_score=_provider_score(tx, row.provider, shown_from),
        comments=tx.value(select(func.count()).select_from(rating).where(*_shown(row.id))),
        groups=_lines(tx, groups, row.name, registry),
        links=_links(tx, row.id),
        near=Filters(_last_district(tx, row.id), direction=Direction(row.direction), words=row.activity),
        watched=watched(tx, row.id, me),
    )


def _program(tx: Tx, number: int) -> Row[Any] | None:
    return tx.row(
        select(
            program,
            provider.c.name.label("provider_name"),
            provider.c.state.label("provider_state"),
            provider.c.phone,
            provider.c.site,
            municipality.c.name.label("municipality_name"),
        )
        .join(provider, provider.c.id == program.c.provider)
        .join(municipality, municipality.c.id == program.c.municipality)
        .where(program.c.id == number)
    )


def _last_district(tx: Tx, number: int) -> int:
    """Of its groups, those in the archive included; 0 where none tells one."""
    known = module.c.program == number, group.c.district.is_not(None)
    latest = select(group.c.district).join(module, module.c.id == group.c.module).where(*known)
    return tx.value(latest.order_by(group.c.stop.desc(), group.c.id.desc()).limit(1)) or 0


def _groups(program_id: int) -> Any:
    return (
        select(
            group,
            module.c.name.label("module_name"),
            module.c.price,
            module.c.normative,
            district.c.name.label("place"),
        )
        .join(module, module.c.id == group.c.module)
        .outerjoin(district, district.c.id == group.c.district)
        .where(module.c.program == program_id)
    )


def _lines(tx: Tx, groups: Any, name: str, registry: Registry) -> tuple[GroupLine, ...]:
    lessons: dict[int, list[Lesson]] = {row.id: [] for row in groups}
    order = lesson.c.group, lesson.c.weekday, lesson.c.start
    for row in tx.rows(select(lesson).where(lesson.c.group.in_(lessons)).order_by(*order)):
        lessons[row.group].append(Lesson(row.weekday, row.start, row.stop, row.weeks, row.place))
    return tuple(
        GroupLine(
            id=row.id,
            name=row.name,
            module="" if row.module_name == name else row.module_name,
            days=Span(row.start, row.stop),
            timetable=tuple(lessons[row.id]),
            place=row.place or "",
            address=row.address,
            teacher=row.teacher,
            seats=row.seats,
            free=max(row.seats - row.taken, 0) if row.is_open else 0,
            is_open=row.is_open,
            price=family_price(registry, _money(row.price)),
        )
        for row in groups
    )


def _money(kopecks: int | None) -> Money | None:
    return None if kopecks is None else Money(kopecks)


def _agreed(tx: Tx, mine: int, of: int) -> bool:
    today = tx.today(mine)
    a = agreement.c
    lasts = a.start <= today, or_(a.stop.is_(None), a.stop >= today)
    return bool(tx.value(select(a.id).where(a.municipality == mine, a.provider == of, *lasts)))


def _provider_score(tx: Tx, number: int, shown_from: int) -> Score | None:
    """R7.4."""
    sums = func.sum(program.c.rating_sum).label("stars"), func.sum(program.c.rating_count).label("ratings")
    row = tx.sql(select(*sums).where(program.c.provider == number)).one()
    return score(int(row.stars or 0), int(row.ratings or 0), shown_from)


def _links(tx: Tx, number: int) -> tuple[tuple[str, str], ...]:
    """The addresses that the running channels have written down, each opening this card."""
    names = {f"link:{channel}": channel for channel in DEEP_LINK}
    rows = tx.rows(select(setting).where(setting.c.name.in_(names), setting.c.value != "").order_by(setting.c.name))
    return tuple((names[row.name], DEEP_LINK[names[row.name]].format(url=row.value, id=number)) for row in rows)


# --- comments ---------------------------------------------------------------------------------------------------------


def comments_on(tx: Tx, query: CommentsOn, me: Actor) -> tuple[Comment, ...]:
    """R7.3: initials only, after the operator's check."""
    home = tx.value(select(program.c.municipality).where(program.c.id == query.program))
    if home is None:
        return ()
    rows = tx.rows(
        select(rating, person.c.first_name, person.c.surname)
        .join(person, person.c.id == rating.c.person)
        .where(*_shown(query.program))
        .order_by(rating.c.given_at.desc(), rating.c.id.desc())
    )
    zone = tx.zone(home)
    return tuple(
        Comment(
            initials=" ".join(f"{name[0]}." for name in (row.first_name, row.surname) if name),
            stars=row.stars,
            text=row.comment,
            reply=row.reply or "",
            on=local_date(row.given_at, zone),
        )
        for row in rows
    )


def _shown(number: int) -> tuple[Any, ...]:
    return rating.c.program == number, rating.c.comment_state == "shown", rating.c.comment != "", rating.c.stars > 0


# --- the price for a child --------------------------------------------------------------------------------------------


def price_for(tx: Tx, query: PriceFor, me: Actor) -> PriceSeen | None:
    """R4, before anything is promised: each module by its soonest group, from the first lesson from tomorrow on."""
    if not may_see(tx, me, query.child):
        return None
    with as_if_requested(tx, query.child) as request:
        return _price(tx, query, request)


def _price(tx: Tx, query: PriceFor, request: BecameFunded | QueuedForFunded | None) -> PriceSeen | None:
    row, who = _program(tx, query.program), child_row(tx, query.child)
    if row is None or who is None:
        return None
    latest = certificate.c.child == query.child
    mine = tx.row(select(certificate).where(latest).order_by(certificate.c.id.desc()))
    lacks = ""
    if mine is None or mine.state != "active":
        lacks = "no_certificate"
    elif mine.kind != "funded":
        lacks = "queued" if isinstance(request, QueuedForFunded) else "accounting"
    payer = mine.municipality if mine else who.municipality
    today = tx.today(payer)
    joinable = group.c.state == "active", group.c.is_open, group.c.stop > today
    soonest: dict[int, Row[Any]] = {}
    for found in tx.rows(_groups(row.id).where(*joinable).order_by(group.c.start, group.c.id)):
        soonest.setdefault(found.module, found)
    modules = tuple(_module_price(tx, found, Registry(row.registry), mine, lacks, payer) for found in soonest.values())
    left = _left(tx, mine, modules[0].days if modules else Span(today, today))
    return PriceSeen(who.first_name, row.name, left, modules, isinstance(request, BecameFunded))


def _module_price(
    tx: Tx, found: Row[Any], registry: Registry, mine: Row[Any] | None, lacks: str, payer: int
) -> ModulePrice:
    price = family_price(registry, _money(found.price))
    start = first_day(tx, found, payer)
    period = tx.row(_period_on(payer, start))
    days = Span(start, max(start, min(found.stop, period.stop if period else found.stop)))
    why = ""
    if price is None:
        why = "unknown"
    elif price and registry is Registry.COMMERCIAL:
        why = "commercial"
    elif price and lacks:
        why = lacks
    elif price and (period is None or period.state != "open"):
        why = "closed"
    left = _left(tx, mine, days)
    if price and not why and not left and not tx.policy(payer).allow_full_parent_pay:
        why = "no_money"
    split = None
    if price and not why:
        split = pricing.quote(price, _money(found.normative), left, found.start, found.stop, days.start, days.stop)
    if price:
        price = pricing.prorated(price, Span(found.start, found.stop).days, days.days)
    capped = split is not None and bool(split.parent.total) and split.certificate.total < left
    return ModulePrice(found.module_name, days, price, split, why, capped)


def _period_on(payer: int, day: Any) -> Any:
    p = funding_period.c
    return select(funding_period).where(p.municipality == payer, p.start <= day, p.stop >= day)


def _left(tx: Tx, mine: Row[Any] | None, days: Span) -> Money:
    """The balance of the period in which the days begin."""
    period = tx.row(_period_on(mine.municipality, days.start)) if mine else None
    return balance(tx, book.certificate(mine.id, period.id)) if mine and period else ZERO


READERS: dict[type[Query[Any]], Reader] = {
    catalogue.FindPrograms: find_programs,
    HearLine: hear_line,
    catalogue.SearchPlaces: search_places,
    catalogue.ChildrenToSearchFor: children_to_search_for,
    catalogue.OneProgram: one_program,
    catalogue.CommentsOn: comments_on,
    catalogue.PriceFor: price_for,
    provider_rules.ListProviders: staff.list_providers,
    provider_rules.ListPrograms: staff.list_programs,
    **catalogue_work.READERS,
}
DOERS: dict[type[Command], Doer] = {
    provider_rules.AddAgreement: staff.add_agreement,
    provider_rules.EndAgreement: staff.end_agreement,
    provider_rules.SetProviderState: staff.set_provider_state,
    **catalogue_staff.DOERS,
    **catalogue_groups.DOERS,
}
