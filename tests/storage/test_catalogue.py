"""A program's card, its comments, its price for a child; what an operator decides about providers."""

from datetime import date

from bot.domain.calendar import Span
from bot.domain.catalogue import (
    Comment,
    CommentsOn,
    Direction,
    Filters,
    OneProgram,
    PriceFor,
    PriceSeen,
    ProgramCard,
    Registry,
    Score,
)
from bot.domain.messages import NotYours, operator
from bot.domain.money import ZERO, Money
from bot.domain.pricing import Installments, Quote
from bot.domain.provider import (
    AddAgreement,
    AgreementEnded,
    AgreementMade,
    EndAgreement,
    ListPrograms,
    ListProviders,
    NoAgreementToEnd,
    ProviderState,
    ProviderStateSet,
    SetProviderState,
)
from bot.storage import schema
from tests.storage.registries import another_town, brings, line, one
from tests.storage.town import Town


def card_of(town: Town, me: int, external_id: str = "P1") -> ProgramCard:
    card = town.asks(OneProgram(one(town, schema.program, external_id=external_id).id), me)
    assert card is not None
    return card


def rated(town: Town, program: int, stars: int, **fields: object) -> int:
    """A rating by a new parent; what it rates is an enrollment of the town's own group."""
    me = town.person(first_name="Anna", surname="Petrova")
    child = town.child(me)
    group = one(town, schema.group, external_id="G1")
    enrollment = town.adds(
        schema.enrollment,
        child=child,
        certificate=town.certificate(child, kopecks=0),
        group=group.id,
        module=group.module,
        state="completed",
        by="guardian",
        price=0,
        first=0,
        other=0,
        parent_first=0,
        parent_other=0,
        months=1,
        created_at=town.now,
        changed_at=town.now,
    )
    usual = {
        "chain": enrollment,
        "person": me,
        "program": program,
        "state": "given",
        "stars": stars,
        "given_at": town.now,
    }
    return town.adds(schema.rating, **{**usual, **fields})


# --- the card ---------------------------------------------------------------------------------------------------------


def test_a_card_has_all_that_the_registry_told(town: Town) -> None:
    me = town.person()
    shared = {"program_id": "P1", "program": "Robots", "description": "We build.", "phone": "8 (815) 200-00-10"}
    brings(
        town,
        line(1, **shared, timetable="Пн 15:00–16:00 (нечётные недели), каб. 5", teacher="Anna"),
        line(2, **shared, start=date(2026, 10, 1), free=0, open="нет", price=""),
    )
    card = card_of(town, me)
    assert (card.name, card.description, card.provider, card.registry) == (
        "Robots",
        "We build.",
        "House of Science",
        Registry.CERTIFIED,
    )
    first, second = card.groups
    assert (first.place, first.address, first.teacher, first.free, first.price) == (
        "Kola",
        "School street, 1",
        "Anna",
        10,
        Money(900_000),
    )
    assert [(each.weekday, each.weeks, each.place) for each in first.timetable] == [(1, "odd", "каб. 5")]
    assert (second.free, second.is_open, second.price) == (0, False, None)
    assert second.days == Span(date(2026, 10, 1), date(2027, 5, 31))
    assert (card.score, card.comments, card.links, card.municipality) == (None, 0, (), "")


def test_a_budget_programs_price_is_nothing_whatever_the_registry_says(town: Town) -> None:
    me = town.person()
    brings(town, line(1, registry="значимая", price="5 000"))
    assert card_of(town, me).groups[0].price == ZERO


def test_ended_and_archived_groups_are_not_on_the_card(town: Town) -> None:
    me = town.person()
    shared = {"program_id": "P1", "program": "Robots"}
    ended, gone, here = (
        line(1, **shared, stop=date(2026, 9, 30)),
        line(2, **shared),
        line(3, **shared, group="Group 3"),
    )
    brings(town, ended, gone, here)
    brings(town, ended, here)
    town.comes(date(2026, 10, 1))
    assert [group.name for group in card_of(town, me).groups] == ["Group 3"]
    brings(town, line(4))
    assert not card_of(town, me).is_active


def test_a_card_of_a_neighbour_names_it_and_knows_our_agreement(town: Town) -> None:
    """R1.2."""
    me = town.person()
    another_town(town)
    brings(town, line(1, municipality="Seaside"))
    card = card_of(town, me)
    assert (card.municipality, card.agreed) == ("Seaside", False)
    club = one(town, schema.provider, name="House of Science").id
    town.does(AddAgreement(town.municipality, club, date(2026, 9, 2)), town.operator)
    assert not card_of(town, me).agreed
    town.passes(days=1)
    assert card_of(town, me).agreed


def test_scores_of_a_program_and_its_provider_need_three_ratings(town: Town) -> None:
    """R7.3, R7.4."""
    me = town.person()
    brings(town, line(1), line(2))
    for key, stars, count in (("P1", 9, 2), ("P2", 5, 1)):
        values = schema.program.update().where(schema.program.c.external_id == key)
        town.run(lambda tx, values=values, s=stars, c=count: tx.sql(values.values(rating_sum=s, rating_count=c)))
    card = card_of(town, me)
    assert (card.score, card.provider_score) == (None, Score(47, 3))


def test_only_checked_comments_are_shown_with_initials(town: Town) -> None:
    """R7.3."""
    me = town.person()
    brings(town, line(1))
    program = one(town, schema.program, external_id="P1").id
    rated(town, program, 5, comment="Very good", comment_state="shown", reply="Thank you")
    rated(town, program, 1, comment="Rude words", comment_state="hidden")
    rated(town, program, 2, comment="Not looked at", comment_state="waiting")
    rated(town, program, 4)
    assert town.asks(CommentsOn(program), me) == (Comment("A. P.", 5, "Very good", "Thank you", date(2026, 9, 1)),)
    assert card_of(town, me).comments == 1
    assert town.asks(CommentsOn(999), me) == ()


def test_links_open_the_card_in_the_channels_that_run(town: Town) -> None:
    me = town.person()
    brings(town, line(1))
    for name, url in (("telegram", "https://t.me/bot"), ("vk", "https://vk.me/club"), ("web", "")):
        town.run(lambda tx, name=name, url=url: tx.sql(schema.setting.insert().values(name=f"link:{name}", value=url)))
    card = card_of(town, me)
    assert card.links == (
        ("telegram", f"https://t.me/bot?start=program_{card.id}"),
        ("vk", f"https://vk.me/club?ref=program_{card.id}"),
    )


def test_a_program_that_is_not_there_has_no_card(town: Town) -> None:
    assert town.asks(OneProgram(999), town.person()) is None


# --- the price --------------------------------------------------------------------------------------------------------


def priced(town: Town, me: int, child: int) -> PriceSeen:
    seen = town.asks(PriceFor(one(town, schema.program, external_id="P1").id, child), me)
    assert seen is not None
    return seen


def test_the_price_is_split_by_the_balance_from_the_first_lesson_on(town: Town) -> None:
    """R4.2, R4.3, R4.5: 2 September 2026 is a Wednesday."""
    me = town.person()
    child = town.child(me, first_name="Anna")
    town.certificate(child, kopecks=500_000)
    brings(town, line(1, price="6 000", start=date(2026, 9, 2), stop=date(2026, 10, 1)))
    seen = priced(town, me, child)
    assert (seen.child_name, seen.left) == ("Anna", Money(500_000))
    (module,) = seen.modules
    assert module.days == Span(date(2026, 9, 2), date(2026, 10, 1))
    assert module.quote == Quote(
        Installments(Money(483_334), Money(16_666), 2), Installments(Money(96_667), Money(3_333), 2)
    )
    assert not module.capped, "the balance is short"
    brings(town, line(1, price="6 000", normative="4 000", start=date(2026, 9, 2), stop=date(2026, 10, 1)))
    assert priced(town, me, child).modules[0].capped, "the normative is"


def test_each_module_has_a_price_by_its_soonest_group(town: Town) -> None:
    me = town.person()
    child = town.child(me)
    town.certificate(child)
    autumn = {"program_id": "P1", "program": "Robots", "module_id": "A", "module": "Autumn"}
    brings(
        town,
        line(1, **autumn, group="Late", start=date(2026, 11, 2)),
        line(2, **autumn, group="Soon"),
        line(3, **{**autumn, "module_id": "S", "module": "Spring", "price": ""}, start=date(2027, 2, 1)),
    )
    modules = priced(town, me, child).modules
    assert [(module.module, module.days.start, module.why) for module in modules] == [
        ("Autumn", date(2026, 9, 2), ""),
        ("Spring", date(2027, 2, 1), "unknown"),
    ]


def test_a_price_that_cannot_be_split_says_why(town: Town) -> None:
    me = town.person()
    without, accounting, empty = town.child(me), town.child(me), town.child(me)
    town.certificate(accounting, kopecks=0)
    town.certificate(empty, kopecks=0, kind="funded")
    brings(town, line(1))
    found = [priced(town, me, child).modules[0].why for child in (without, accounting, empty)]
    assert found == ["no_certificate", "accounting", "no_money"]
    brings(town, line(1, price="0"))
    assert priced(town, me, without).modules[0].why == ""
    brings(town, line(1, registry="платная"))
    assert priced(town, me, empty).modules[0].why == "commercial"


def test_money_that_comes_with_the_first_request_is_reckoned_with(town: Town) -> None:
    """R2.3: the same price as a request would have; nothing is converted by looking."""
    town.policy(conversion="automatic")
    me = town.person()
    child = town.child(me)
    town.certificate(child, kopecks=0)
    brings(town, line(1, price="6 000", start=date(2026, 9, 1), stop=date(2026, 9, 30)))
    for _time in (1, 2):
        seen = priced(town, me, child)
        (module,) = seen.modules
        assert (seen.first, seen.left, module.why) == (True, Money(1_200_000), "")
        assert module.quote is not None and module.quote.price == module.price == Money(580_000), "29 days of 30"
    assert one(town, schema.certificate).kind == "accounting"
    town.run(lambda tx: tx.sql(schema.nominal.update().values(certificates=0)))
    seen = priced(town, me, child)
    (module,) = seen.modules
    assert (seen.first, seen.left, module.why, module.price) == (False, ZERO, "queued", Money(580_000))


def test_a_group_outside_any_period_has_no_price_yet(town: Town) -> None:
    me = town.person()
    child = town.child(me)
    town.certificate(child)
    brings(town, line(1, start=date(2027, 9, 1), stop=date(2027, 12, 31)))
    assert priced(town, me, child).modules[0].why == "closed"


def test_nobody_sees_the_price_for_another_familys_child(town: Town) -> None:
    me, other = town.person(), town.person()
    child = town.child(other)
    brings(town, line(1))
    assert town.asks(PriceFor(one(town, schema.program, external_id="P1").id, child), me) is None


# --- providers --------------------------------------------------------------------------------------------------------


def test_an_agreement_is_made_ended_and_made_anew(town: Town) -> None:
    brings(town, line(1))
    club = one(town, schema.provider, name="House of Science").id
    start, stop = date(2026, 9, 1), date(2026, 12, 31)
    assert town.does(AddAgreement(town.municipality, club, start), town.operator) == AgreementMade(
        town.municipality, club, start
    )
    assert town.does(EndAgreement(town.municipality, club, stop), town.operator) == AgreementEnded(
        town.municipality, club, stop
    )
    lines = {each.id: each for each in town.asks(ListProviders(town.municipality), town.operator)}
    assert (lines[club].start, lines[club].stop, lines[club].programs) == (start, stop, 1)
    town.does(AddAgreement(town.municipality, club, stop), town.operator)
    assert one(town, schema.agreement, provider=club).stop is None


def test_what_was_never_agreed_cannot_end(town: Town) -> None:
    brings(town, line(1))
    club = one(town, schema.provider, name="House of Science").id
    assert town.does(EndAgreement(town.municipality, club, date(2026, 9, 1)), town.operator) == NoAgreementToEnd(club)


def test_only_the_municipalitys_own_operator_decides(town: Town) -> None:
    stranger = operator(another_town(town))
    assert town.does(AddAgreement(town.municipality, town.provider, date(2026, 9, 1)), stranger) == NotYours()
    assert town.does(EndAgreement(town.municipality, town.provider, date(2026, 9, 1)), stranger) == NotYours()
    assert town.does(SetProviderState(town.provider, ProviderState.BANNED), stranger) == NotYours()
    assert town.does(SetProviderState(town.provider, ProviderState.BANNED), town.person()) == NotYours()
    assert town.does(AddAgreement(town.municipality, 999, date(2026, 9, 1)), town.operator) == NotYours()
    assert town.asks(ListProviders(town.municipality), stranger) == ()
    assert town.asks(ListPrograms(town.municipality), stranger) == ()


def test_a_ban_ends_what_runs_at_month_end(town: Town) -> None:
    """R6.13."""
    me = town.person()
    child = town.child(me)
    certificate = town.certificate(child)
    group = town.group()
    enrollment = town.adds(
        schema.enrollment,
        child=child,
        certificate=certificate,
        group=group,
        module=one(town, schema.group, id=group).module,
        period=town.period,
        state="active",
        by="guardian",
        start=date(2026, 9, 1),
        stop=date(2027, 5, 31),
        price=0,
        first=0,
        other=0,
        parent_first=0,
        parent_other=0,
        months=9,
        holds_seat=True,
        concluded_on=date(2026, 9, 1),
        created_at=town.now,
        changed_at=town.now,
    )
    done = town.does(SetProviderState(town.provider, ProviderState.NO_LICENSE), town.operator)
    assert done == ProviderStateSet(town.provider, ProviderState.NO_LICENSE)
    assert one(town, schema.enrollment, id=enrollment).ends_on == date(2026, 9, 30)
    town.does(SetProviderState(town.provider, ProviderState.ACTIVE), town.operator)
    assert one(town, schema.provider, id=town.provider).state == "active"


def test_an_agreement_that_ends_today_ends_what_runs_of_this_municipality(town: Town) -> None:
    me = town.person()
    child = town.child(me)
    group = town.group()
    town.adds(
        schema.enrollment,
        child=child,
        certificate=town.certificate(child),
        group=group,
        module=one(town, schema.group, id=group).module,
        period=town.period,
        state="requested",
        by="guardian",
        start=date(2026, 9, 10),
        stop=date(2027, 5, 31),
        price=0,
        first=0,
        other=0,
        parent_first=0,
        parent_other=0,
        months=9,
        holds_seat=True,
        created_at=town.now,
        changed_at=town.now,
    )
    town.run(lambda tx: tx.sql(schema.group.update().values(taken=1)))
    town.does(EndAgreement(town.municipality, town.provider, date(2026, 9, 1)), town.operator)
    assert one(town, schema.enrollment).state == "refused"


def test_programs_without_a_price_or_a_timetable_are_listed(town: Town) -> None:
    """R10.2."""
    brings(town, line(1), line(2, price=""), line(3, timetable=""), line(4, registry="значимая", price=""), line(5))
    brings(town, line(1), line(2, price=""), line(3, timetable=""), line(4, registry="значимая", price=""))
    lacking = town.asks(ListPrograms(town.municipality, lacking=True), town.operator)
    assert [(each.name, each.has_price, each.has_timetable) for each in lacking] == [
        ("Club 2", False, True),
        ("Club 3", True, False),
    ]
    everything = town.asks(ListPrograms(town.municipality), town.operator)
    assert [(each.name, each.state, each.groups, each.seats) for each in everything][-1] == ("Club 5", "archived", 0, 0)


def test_a_program_that_left_the_registry_still_says_where_it_was(town: Town) -> None:
    """So that whoever opens its link is offered what is near."""
    me = town.person()
    brings(town, line(1, activity="Робототехника"), line(2))
    number = one(town, schema.program, name="Club 1").id
    brings(town, line(2))
    card = town.asks(OneProgram(number), me)
    kola = one(town, schema.district, name="Kola").id
    assert card is not None and not card.is_active
    assert card.near == Filters(kola, direction=Direction.TECHNICAL, words="Робототехника")
