"""What the office asks of the database, on both: the search, a child's history, what waits, an application beside its like."""

from bot.domain.certificate import CertificateKind
from bot.domain.certificate_staff import FindCertificates, OneApplication
from bot.domain.enrollment import OpenDispute
from bot.domain.enrollment_seen import OneDispute
from bot.domain.messages import Actor, operator
from bot.domain.movements import Line
from bot.domain.period import OnePeriod
from bot.domain.provider import ListProviders
from bot.domain.story import Step, StoryOf, Turning
from bot.domain.today import Pile, WhatWaits
from bot.domain.trail import TrailLine
from tests.office.test_applications import applies
from tests.storage.families import Family
from tests.storage.town import Town


def found(town: Town, words: str, me: Actor | None = None, **more: object) -> list[str]:
    query = FindCertificates(words, **more)  # type: ignore[arg-type]
    return [each.name for each in town.asks(query, me or town.operator)]


def test_a_name_is_found_by_its_parts_whatever_the_alphabets_order(town: Town) -> None:
    for surname, first in (("Ёлкина", "Мария"), ("Ельцов", "Яков"), ("Петрова-Елкина", "Анна")):
        folded = f"{surname} {first}".lower().replace("ё", "е")
        town.certificate(town.child(surname=surname, first_name=first, folded_name=folded))
    assert found(town, "елк") == ["Ёлкина Мария"]
    assert found(town, "Ель") == ["Ельцов Яков"]
    assert found(town, "мария ёлкина") == ["Ёлкина Мария"]
    assert found(town, "%") == found(town, "я_") == []
    assert found(town, "е", kind=CertificateKind.FUNDED, most=1) == ["Ёлкина Мария"]
    assert found(town, "е", skip=1) == ["Ельцов Яков"]
    assert found(town, "елк", operator(town.municipality + 1)) == []


def test_a_childs_history_is_one_list_in_order_of_time(town: Town) -> None:
    family = Family(town)
    learned = family.learns(town.group())
    story = town.asks(StoryOf(family.child), town.operator)
    assert story is not None
    kinds = [
        each.what.turning
        if isinstance(each.what, Step)
        else each.what.why
        if isinstance(each.what, Line)
        else each.what.did
        for each in story.happenings
    ]
    assert set(kinds) == {"AcceptRequest", "reserve", "grant", Turning.MADE, Turning.CONCLUDED}
    assert [each.at for each in story.happenings] == sorted((each.at for each in story.happenings), reverse=True)
    assert isinstance(story.happenings[0].what, TrailLine)
    page = town.asks(StoryOf(family.child, skip=1, most=2), town.operator)
    assert page is not None and page.happenings == story.happenings[1:3]
    town.does(OpenDispute(learned, words="Not us"), family.guardian)
    dispute = town.asks(OneDispute(learned), town.operator)
    assert dispute is not None and (dispute.month, dispute.words) == (None, "Not us")


def test_what_waits_is_counted_and_an_application_knows_its_like(town: Town) -> None:
    first, twin = applies(town), applies(town)
    town.passes(days=9)
    waits = town.asks(WhatWaits(), town.operator).waits
    assert [(each.pile, each.count, each.late) for each in waits] == [
        (Pile.APPLICATIONS, 2, 2),
        (Pile.ALIKE, 1, 0),
    ]
    work = town.asks(OneApplication(twin), town.operator)
    assert work is not None and [each.seen.certificate for each in work.alike] == [first]
    period = town.asks(OnePeriod(town.period), town.operator)
    assert period is not None and (period.granted, period.entitled) == (0, 0)
    [line] = town.asks(ListProviders(town.municipality, words="ARTS", everywhere=True, most=5), town.operator)
    assert line.own
