"""Which municipalities somebody's reports are about: an operator's own, all for whoever looks after the region."""

from sqlalchemy import select

from bot.domain.calendar import Span
from bot.domain.messages import Actor
from bot.domain.municipality import Place
from bot.domain.report import NamedSpan, ReadScope, Scope, chosen_span
from bot.storage.schema import funding_period, municipality
from bot.storage.tx import Tx

SEE_ALL = ("administrator", "system")


def visible(tx: Tx, me: Actor, only: int = 0) -> tuple[Place, ...]:
    """By name; `only`: that one, if it may be seen at all. Nobody else's staff sees any."""
    statement = select(municipality.c.id, municipality.c.name, municipality.c.code).order_by(municipality.c.name)
    if me.role == "operator":
        statement = statement.where(municipality.c.id == me.municipality)
    elif me.role not in SEE_ALL:
        return ()
    if only:
        statement = statement.where(municipality.c.id == only)
    return tuple(Place(row.id, row.name, row.code) for row in tx.rows(statement))


def read_scope(tx: Tx, query: ReadScope, me: Actor) -> Scope:
    """The choices of a report's form, and the period of today."""
    places = visible(tx, me)
    rows = tx.rows(
        select(funding_period.c.name, funding_period.c.start, funding_period.c.stop)
        .where(funding_period.c.municipality.in_([place.id for place in places]))
        .distinct()
        .order_by(funding_period.c.start.desc(), funding_period.c.stop.desc(), funding_period.c.name)
    )
    spans: dict[Span, str] = {}
    for row in rows:
        spans.setdefault(Span(row.start, row.stop), row.name)
    named = tuple(NamedSpan(name, span) for span, name in spans.items())
    today = tx.today(places[0].id) if places else tx.now.date()
    return Scope(places, named, chosen_span(named, today))
