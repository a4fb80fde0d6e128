"""A parent has the year drawn, takes a statement, shows the certificate as a card; every picture is also said in words."""

from datetime import date
from typing import Any

from bot.dialogs.calendar_link import TakeWeekFile
from bot.dialogs.card_code import ShowCard
from bot.dialogs.certificate_card import ShowCertificate
from bot.dialogs.conversation import Reader
from bot.dialogs.core import Secret
from bot.dialogs.home import OpenElsewhere
from bot.dialogs.money import ShowBalance
from bot.dialogs.money_pictures import ShowChart, TakeStatement
from bot.domain.card_code import CardCodeMade, CardCodeRevoked, MakeCardCode, RevokeCardCode
from bot.domain.catalogue import Filters, FindPrograms, Found
from bot.domain.certificate import Card, CertificateKind, CertificateState, ReadCertificate
from bot.domain.home import OtherChannels
from bot.domain.messages import NotYours
from bot.domain.money import Money
from bot.domain.movements import Balance, BalanceSeen, PeriodBalance
from bot.domain.pictures import BalanceChart, CertificateCard, ChartOf, Picture, Statement, StatementOf, Step
from bot.domain.understanding import Heard, HearLine
from bot.domain.week import WeekFile
from tests.story import Story

YEAR = date(2026, 9, 1), date(2027, 5, 31), date(2026, 10, 5)
SUMS = Money(300_000), Money(400_000), Money(500_000)
STEPS = (
    Step(date(2026, 9, 1), Money(1_200_000)),
    Step(date(2026, 9, 3), Money(800_000)),
    Step(date(2026, 9, 3), Money(300_000)),
)
CHART = BalanceChart("Anna", *YEAR, STEPS, *SUMS)
STATEMENT = Statement("Petrova Anna", "5101711711", "Murmansk", *YEAR, (), *SUMS)
BALANCE = BalanceSeen(7, "Anna", 3, "funded", (PeriodBalance(1, YEAR[0], YEAR[1], *SUMS),))
CARD = Card(
    7, "Anna", "Petrova", "full", 3, CertificateState.ACTIVE, CertificateKind.FUNDED, "5101711711", "All children",
    valid_until=date(2035, 3, 14),
)  # fmt: skip
LINK = "https://kruzhok.example/office/card/abc"


def drawn(parent: Story) -> Picture | None:
    assert parent.reply is not None
    return parent.reply.message.picture


def test_the_years_money_is_drawn_and_said() -> None:
    parent = Story(ShowBalance(7), {Balance(7): BALANCE, ChartOf(7): CHART, StatementOf(7): STATEMENT})
    assert drawn(parent) is None
    parent.taps("Chart")
    parent.sees("Anna: the certificate's money", "Free: ", "What was free:", "September 3, 2026: ₽3,000")
    parent.does_not_see("₽8,000")
    assert drawn(parent) == CHART
    parent.taps("Back")
    parent.taps("Statement")
    parent.sees("Petrova Anna: the statement", "The same is under «History».")
    assert drawn(parent) == STATEMENT


def test_a_club_is_looked_for_beside_a_picture_as_at_the_menu() -> None:
    asked = Filters(words="drawing")
    world: dict[Any, Any] = {HearLine("drawing"): Heard(asked), FindPrograms(asked): Found(0, 0, 1, ())}
    for state, query, known in (
        (ShowChart(7), ChartOf(7), CHART),
        (TakeStatement(7), StatementOf(7), STATEMENT),
        (ShowCard(7, Secret(LINK)), ReadCertificate(7), CARD),
        (TakeWeekFile(), WeekFile(), "BEGIN:VCALENDAR"),
    ):
        parent = Story(state, {**world, query: known})
        parent.types("drawing")
        parent.sees("«drawing»", "Filters")


def test_without_money_there_is_nothing_to_draw() -> None:
    for state, query in ((ShowChart(7), ChartOf(7)), (TakeStatement(7), StatementOf(7))):
        parent = Story(state, {query: None})
        parent.sees("There is no money of this certificate to show now.")
        assert drawn(parent) is None


def test_a_card_is_shown_with_a_code_that_can_be_made_invalid() -> None:
    world = {ReadCertificate(7): CARD, MakeCardCode(7): CardCodeMade(7, LINK), RevokeCardCode(7): CardCodeRevoked(7)}
    parent = Story(ShowCertificate(7), world)
    parent.taps("Card for the club")
    parent.sees("Petrova Anna · 5101711711", "Earlier cards of yours are not valid any more.")
    parent.does_not_see(LINK)
    assert drawn(parent) == CertificateCard("Petrova Anna", "5101711711", "All children", date(2035, 3, 14), LINK)
    parent.taps("Make the code invalid")
    parent.sees("The code is not valid any more. The number still is.", "Certificate 5101711711")
    assert drawn(parent) is None


def test_where_no_office_scans_it_the_card_has_the_number_only() -> None:
    parent = Story(ShowCertificate(7), {ReadCertificate(7): CARD, MakeCardCode(7): CardCodeMade(7, "")})
    parent.taps("Card for the club")
    parent.sees("type the number")
    parent.does_not_see("Make the code invalid", "Earlier cards")


def test_whoever_only_looks_gets_no_card_and_a_certificate_that_has_ended_meanwhile_says_so() -> None:
    looks = Card(**{**CARD.__dict__, "rights": "read"})
    Story(ShowCertificate(7), {ReadCertificate(7): looks}).does_not_see("Card for the club")
    parent = Story(ShowCertificate(7), {ReadCertificate(7): CARD, MakeCardCode(7): NotYours()})
    parent.taps("Card for the club")
    parent.sees("There is no card of this certificate now.")


def test_an_impersonal_channel_draws_nothing_of_a_child() -> None:
    """R9.3."""
    reader = Reader(language="en", municipality=1, consented=True, impersonal=True)
    parent = Story(ShowChart(7), {OtherChannels(): ()}, reader)
    assert isinstance(parent.state, OpenElsewhere) and drawn(parent) is None


def test_the_cards_link_is_secret_wherever_the_state_rests() -> None:
    parent = Story(ShowCertificate(7), {ReadCertificate(7): CARD, MakeCardCode(7): CardCodeMade(7, LINK)})
    parent.taps("Card for the club")
    assert vars(parent.state)["link"] == Secret(LINK) and LINK not in repr(parent.state)
