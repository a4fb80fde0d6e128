"""Monthly bills and advances: a provider sends, its municipality accepts or returns, and notes what was paid (R5.10)."""

from starlette.responses import Response

from bot.domain.bill import (
    AskAdvance,
    BillSeen,
    DecideBill,
    Expectation,
    ListBills,
    MarkBillPaid,
    MyPayers,
    OneBill,
    SendBill,
    WeighAdvance,
)
from bot.domain.calendar import Month
from bot.domain.money import Money
from bot.i18n import _
from bot.office.bill_words import KINDS, STATES, percent, table, told
from bot.office.entry import LARGEST_SUM, month_of
from bot.office.export import xlsx
from bot.office.page import OPERATOR, PROVIDER, Handler, NotFound, Visit, form, page, workbook
from bot.office.paging import part

STAFF = (PROVIDER, OPERATOR)


async def bills(visit: Visit) -> Response:
    """A provider's, the latest month first; an operator's of the month that is asked for, else what waits for a decision or a payment."""
    asked = visit.asked("month")
    try:
        month = month_of(asked) if asked else None
    except ValueError:
        month, asked = None, ""
    found = await part(visit, "/bills", lambda skip, most: ListBills(month, skip, most))
    known = {"found": found, "payers": await visit.read(MyPayers()), "asked": asked}
    return visit.page("bills.html", _("Bills"), **known, states=STATES, kinds=KINDS)


async def bill(visit: Visit) -> Response:
    """With its lines, to be read, printed, sent or decided."""
    seen = await _seen(visit)
    title = _("Bill for {month}", month=seen.sums.month)
    return visit.page(
        "bill.html", title, bill=seen, its=seen.sums, at=_at(visit, "bills"), states=STATES, percent=percent
    )


async def export(visit: Visit) -> Response:
    """The same as a workbook."""
    seen = await _seen(visit)
    name = f"bill-{seen.sums.provider}-{seen.sums.municipality}-{seen.sums.month}"
    return workbook(xlsx([table(seen)], visit.language), name)


async def send(visit: Visit) -> Response:
    """The total that was seen; another one is shown again first."""
    await _seen(visit)
    total = Money(visit.entry.number("total", -LARGEST_SUM, LARGEST_SUM))
    wish = SendBill(visit.id("municipality"), _month(visit), total)
    return await visit.does(wish, told, to=_at(visit, "bills"), again=bill)


async def advance(visit: Visit) -> Response:
    """What is expected, how much may be asked for, and what was."""
    weighed, month = await _weighed(visit), _month(visit)
    title = _("Advance for {month}", month=month)
    return visit.page(
        "advance.html", title, weighed=weighed, its=weighed.asked, at=_at(visit, "advances"), states=STATES
    )


async def ask(visit: Visit) -> Response:
    """At most the policy's share of what is expected."""
    await _weighed(visit)
    wish = AskAdvance(visit.id("municipality"), _month(visit), visit.entry.money("amount"))
    return await visit.does(wish, told, to=_at(visit, "advances"), again=advance)


def _decide(again: Handler, kind: str) -> Handler:
    async def decide(visit: Visit) -> Response:
        """Accepted, or returned with words."""
        number, back = await _stored(visit, kind), visit.entry.ticked("return")
        words = visit.entry.text("words", most=1000, least=3 if back else 0)
        return await visit.does(DecideBill(number, not back, words), told, to=_at(visit, kind), again=again)

    return decide


def _pay(again: Handler, kind: str) -> Handler:
    async def pay(visit: Visit) -> Response:
        """The treasury has paid."""
        wish = MarkBillPaid(await _stored(visit, kind), visit.entry.day("on"))
        return await visit.does(wish, told, to=_at(visit, kind), again=again)

    return pay


async def _seen(visit: Visit) -> BillSeen:
    return visit.found(await visit.read(OneBill(visit.id("provider"), visit.id("municipality"), _month(visit))))


async def _weighed(visit: Visit) -> Expectation:
    return visit.found(await visit.read(WeighAdvance(visit.id("provider"), visit.id("municipality"), _month(visit))))


async def _stored(visit: Visit, kind: str) -> int:
    """The id of what has been sent."""
    its = (await _seen(visit)).sums if kind == "bills" else (await _weighed(visit)).asked
    return visit.found(its).id


def _month(visit: Visit) -> Month:
    try:
        return month_of(str(visit.request.path_params["month"]))
    except ValueError:
        raise NotFound from None


def _at(visit: Visit, kind: str) -> str:
    return f"/{kind}/{visit.id('provider')}/{visit.id('municipality')}/{_month(visit)}"


WHICH = "{provider:int}/{municipality:int}/{month}"
PAGES = (
    page("/bills", bills, *STAFF),
    page(f"/bills/{WHICH}", bill, *STAFF),
    page(f"/bills/{WHICH}/xlsx", export, *STAFF),
    form(f"/bills/{WHICH}/send", send, PROVIDER),
    form(f"/bills/{WHICH}/decide", _decide(bill, "bills"), OPERATOR),
    form(f"/bills/{WHICH}/paid", _pay(bill, "bills"), OPERATOR),
    page(f"/advances/{WHICH}", advance, *STAFF),
    form(f"/advances/{WHICH}/ask", ask, PROVIDER),
    form(f"/advances/{WHICH}/decide", _decide(advance, "advances"), OPERATOR),
    form(f"/advances/{WHICH}/paid", _pay(advance, "advances"), OPERATOR),
)
