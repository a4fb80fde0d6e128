"""Money: periods with their budgets, nominals and vacancies, the grants' run and how far it is; categories of certificates."""

from starlette.responses import Response

from bot.domain.certificate import number_of
from bot.domain.certificate_staff import AddCategory, FindCertificates, ListCategories
from bot.domain.period import AddPeriod, GrantNominal, ListPeriods, OnePeriod, OpenPeriod, SetNominal
from bot.i18n import _
from bot.office import certificate_words
from bot.office.money_words import PERIODS, told
from bot.office.page import OPERATOR, Visit, form, page


async def periods(visit: Visit) -> Response:
    """The latest first."""
    return visit.page("periods.html", _("Money"), periods=await visit.read(ListPeriods()), states=PERIODS)


async def add_period(visit: Visit) -> Response:
    """It is planned; the calendar opens it in time."""
    command = AddPeriod(visit.entry.text("name", most=60, least=1), visit.entry.day("start"), visit.entry.day("stop"))
    return await visit.does(command, told, "/money", periods)


async def one(visit: Visit) -> Response:
    """A period's nominals, its budget and its grants."""
    work = visit.found(await visit.read(OnePeriod(visit.id("period"))))
    return visit.page(
        "period.html", _("Period {name}", name=work.period.name), work=work, it=work.period, states=PERIODS
    )


async def open_period(visit: Visit) -> Response:
    """Ahead of the calendar; the grants begin within a minute."""
    return await visit.does(OpenPeriod(visit.id("period")), told, _of(visit), one)


async def nominal(visit: Visit) -> Response:
    """A category's sum and its vacancies; balances follow (R3.8)."""
    amount, certificates = visit.entry.money("amount"), visit.entry.number_or_none("certificates")
    command = SetNominal(
        visit.id("group"), visit.id("period"), amount, certificates, visit.entry.money_or_none("total")
    )
    return await visit.does(command, told, _of(visit), one)


async def grant(visit: Visit) -> Response:
    """One certificate, by its number, where the run has not come past it."""
    typed = number_of(visit.entry.text("number", most=20, least=1))
    found = await visit.read(FindCertificates(typed, most=1)) if typed else ()
    if not found:
        visit.entry.wrong.setdefault("number", _("There is no certificate with this number here."))
    number = found[0].certificate if found else 0
    return await visit.does(GrantNominal(number, visit.id("period")), told, _of(visit), one)


async def categories(visit: Visit) -> Response:
    """Each has a nominal of its own in every period."""
    found = await visit.read(ListCategories(visit.me.municipality))
    return visit.page("categories.html", _("Categories"), categories=found)


async def add_category(visit: Visit) -> Response:
    """With a short code that the import of certificates knows it by."""
    code, name = visit.entry.text("code", most=30, least=1), visit.entry.text("name", most=100, least=1)
    command = AddCategory(visit.me.municipality, code, name)
    return await visit.does(command, certificate_words.told, "/money/categories", categories)


def _of(visit: Visit) -> str:
    return f"/money/periods/{visit.id('period')}"


PAGES = (
    page("/money", periods, OPERATOR),
    form("/money/periods", add_period, OPERATOR),
    page("/money/categories", categories, OPERATOR),
    form("/money/categories", add_category, OPERATOR),
    page("/money/periods/{period:int}", one, OPERATOR),
    form("/money/periods/{period:int}/open", open_period, OPERATOR),
    form("/money/periods/{period:int}/grant", grant, OPERATOR),
    form("/money/periods/{period:int}/nominals/{group:int}", nominal, OPERATOR),
)
