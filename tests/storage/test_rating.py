"""Ratings on a real database (R7): asked once, saved at once, counted exactly, checked before they are read."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.domain.catalogue import CommentsOn, OneProgram
from bot.domain.enrollment import DecideDispute, EndEnrollment, OpenDispute
from bot.domain.messages import SYSTEM, NotYours, operator
from bot.domain.messages import provider as provider_of
from bot.domain.municipality import SetPolicy
from bot.domain.rating import (
    Aspect,
    AspectRated,
    CheckComment,
    CheckedAlready,
    CommentHidden,
    CommentLeft,
    CommentShown,
    CommentState,
    CommentTooLong,
    DeclineRating,
    EmptyReply,
    GuardiansRate,
    LeaveComment,
    ListComments,
    NoCommentToCheck,
    NothingToRate,
    NotOverYet,
    NotShownYet,
    OneRating,
    RateAspect,
    Rated,
    RatedByAnother,
    RateProgram,
    RatingDeclined,
    RatingSeen,
    ReasonNeeded,
    RepliedAlready,
    ReplyGiven,
    ReplyToRating,
    StarsFirst,
    TooLateToChange,
)
from bot.storage import enrollment_clock, schema
from bot.storage.rating import daily
from tests.storage.families import Family
from tests.storage.registries import finds, names, on_the_shelf
from tests.storage.town import Town

END = date(2026, 10, 31)
AFTER = date(2026, 11, 1)


@pytest.fixture
def family(town: Town) -> Family:
    return Family(town)


def club(town: Town) -> int:
    return town.group(price=100_000, stop=END)


def lives(town: Town, day: date) -> None:
    """A day of the calendar: enrollments first, then the question."""
    town.comes(day)
    town.run(lambda tx: enrollment_clock.daily(tx, town.municipality, day))
    town.run(lambda tx: daily(tx, town.municipality, day))


def learned(town: Town, family: Family, group: int | None = None) -> int:
    """An enrollment that was completed yesterday, and asked about."""
    made = family.learns(group or club(town), date(2026, 9, 1))
    lives(town, AFTER)
    return made


def program_of(town: Town, enrollment: int) -> int:
    e, m = schema.enrollment, schema.module
    found = select(m.c.program).join(e, e.c.module == m.c.id).where(e.c.id == enrollment)
    return int(town.run(lambda tx: tx.value(found)))


def score(town: Town, enrollment: int) -> tuple[int, int]:
    """The program's (sum, count); always those of its ratings."""
    p, number = schema.program, program_of(town, enrollment)
    kept = town.run(lambda tx: tx.sql(select(p.c.rating_sum, p.c.rating_count).where(p.c.id == number)).one())
    given = schema.rating.c.program == number, schema.rating.c.stars.is_not(None)
    stars = [row.stars for row in town.run(lambda tx: tx.rows(select(schema.rating.c.stars).where(*given)))]
    assert (kept.rating_sum, kept.rating_count) == (sum(stars), len(stars))
    return kept.rating_sum, kept.rating_count


def seen(town: Town, enrollment: int, who: int) -> RatingSeen:
    found = town.asks(OneRating(enrollment), who)
    assert found is not None
    return found


def test_a_score_that_is_shown_moves_its_program_in_the_search(town: Town, family: Family) -> None:
    """R7.3: from how many ratings on is the municipality's to say."""
    made = learned(town, family)
    ends, module = END.replace(year=2027), town.run(lambda tx: tx.value(select(schema.group.c.module)))
    town.adds(schema.group, module=module, external_id="next", name="Next", start=AFTER, stop=ends, seats=10)
    town.group(name="Chess", lessons=())
    on_the_shelf(town)
    assert town.does(RateProgram(made, 1), family.guardian) == Rated(made, program_of(town, made), 1)

    def first() -> str:
        return names(finds(town, family.guardian))[0]

    before = first()
    town.does(SetPolicy(town.municipality, (("rating_shown_from", "1"),)), SYSTEM)
    assert (before, first()) == ("Robots", "Chess")
    town.does(RateProgram(made, 5), family.guardian)
    assert first() == "Robots"


# --- the question -----------------------------------------------------------------------------------------------------


def test_the_family_is_asked_once_the_day_after_the_end(town: Town, family: Family) -> None:
    made = family.learns(club(town), date(2026, 9, 1))
    lives(town, END)
    assert town.notices("RatingAsked") == []
    lives(town, AFTER)
    lives(town, AFTER)
    lives(town, date(2026, 11, 2))
    [(who, _kind, told)] = town.notices("RatingAsked")
    assert (who, told["child"], told["enrollment"]) == (family.guardian, family.child, made)


def test_a_notice_of_the_family_is_followed_by_the_question_after_its_last_day(town: Town, family: Family) -> None:
    made = family.learns(town.group(price=900_000), date(2026, 9, 1))
    town.comes(date(2026, 9, 20))
    town.does(EndEnrollment(made, date(2026, 9, 30)), family.guardian)
    lives(town, date(2026, 9, 30))
    assert town.notices("RatingAsked") == []
    lives(town, date(2026, 10, 1))
    assert [told["enrollment"] for _who, _kind, told in town.notices("RatingAsked")] == [made]


def test_nothing_is_asked_while_a_renewal_follows_and_once_after_the_whole_chain(town: Town, family: Family) -> None:
    made = family.learns(club(town), date(2026, 9, 1))
    renewal = renewed(town, made, state="active", start=AFTER, stop=date(2027, 5, 31))
    lives(town, AFTER)
    assert town.notices("RatingAsked") == []
    assert town.does(RateProgram(renewal, 5), family.guardian) == NotOverYet(renewal)
    town.run(
        lambda tx: tx.sql(schema.enrollment.update().where(schema.enrollment.c.id == renewal).values(state="completed"))
    )
    lives(town, date(2027, 6, 1))
    lives(town, date(2027, 6, 2))
    assert [told["enrollment"] for _who, _kind, told in town.notices("RatingAsked")] == [renewal]
    assert town.does(RateProgram(renewal, 5), family.guardian) == Rated(renewal, program_of(town, made), 5)
    assert seen(town, made, family.guardian).stars == 5, "one rating for the chain, whichever link it is opened from"
    assert score(town, made) == (5, 1)


def renewed(town: Town, made: int, **values: object) -> int:
    """A free enrollment that renews another."""
    row = town.run(lambda tx: tx.sql(select(schema.enrollment).where(schema.enrollment.c.id == made)).one())
    kept = {name: row._mapping[name] for name in ("child", "certificate", "group", "module", "by", "chain")}
    free = {"price": 0, "first": 0, "other": 0, "parent_first": 0, "parent_other": 0, "months": 1}
    return town.adds(schema.enrollment, **kept, **free, renews=made, created_at=town.now, changed_at=town.now, **values)


def test_whoever_has_declined_is_never_asked_again_and_may_still_rate(town: Town, family: Family) -> None:
    made = learned(town, family)
    assert town.does(DeclineRating(made), family.guardian) == RatingDeclined(made)
    assert seen(town, made, family.guardian).declined
    lives(town, date(2026, 11, 2))
    assert len(town.notices("RatingAsked")) == 1
    assert isinstance(town.does(RateProgram(made, 4), family.guardian), Rated)
    assert score(town, made) == (4, 1)


def test_declining_before_the_question_keeps_it_from_being_asked(town: Town, family: Family) -> None:
    made = family.learns(club(town), date(2026, 9, 1))
    town.comes(AFTER)
    town.run(lambda tx: enrollment_clock.daily(tx, town.municipality, AFTER))
    town.does(DeclineRating(made), family.guardian)
    lives(town, AFTER)
    assert town.notices("RatingAsked") == []


def test_a_free_program_is_rated_and_one_that_a_dispute_undid_is_not(town: Town, family: Family) -> None:
    free = family.learns(town.group(price=0, stop=END), date(2026, 9, 1))
    paid = family.learns(club(town), date(2026, 9, 1))
    town.does(OpenDispute(paid), family.guardian)
    town.does(DecideDispute(paid, True, "The family was never there"), town.operator)
    lives(town, AFTER)
    assert [told["enrollment"] for _who, _kind, told in town.notices("RatingAsked")] == [free]
    assert town.does(RateProgram(paid, 1), family.guardian) == NothingToRate(paid)
    assert isinstance(town.does(RateProgram(free, 5), family.guardian), Rated)


# --- the rating -------------------------------------------------------------------------------------------------------


def test_other_stars_take_the_place_of_the_first_in_the_programs_score(town: Town, family: Family) -> None:
    made = learned(town, family)
    town.does(RateProgram(made, 2), family.guardian)
    assert score(town, made) == (2, 1)
    town.does(RateProgram(made, 5), family.guardian)
    town.does(RateProgram(made, 5), family.guardian)
    assert score(town, made) == (5, 1)


def test_aspects_and_a_comment_belong_to_stars(town: Town, family: Family) -> None:
    made = learned(town, family)
    assert town.does(RateAspect(made, Aspect.TEACHERS, 5), family.guardian) == StarsFirst(made)
    assert town.does(LeaveComment(made, "Good"), family.guardian) == StarsFirst(made)
    town.does(RateProgram(made, 4), family.guardian)
    assert town.does(RateAspect(made, Aspect.TEACHERS, 5), family.guardian) == AspectRated(made, Aspect.TEACHERS)
    assert town.does(LeaveComment(made, "  Good  "), family.guardian) == CommentLeft(made)
    rating = seen(town, made, family.guardian)
    assert (rating.stars, rating.aspects, rating.comment) == (4, ((Aspect.TEACHERS, 5),), "Good")
    assert rating.comment_state is CommentState.WAITING
    assert score(town, made) == (4, 1), "aspects are not part of the score"


def test_a_rating_is_changed_for_fourteen_days_and_not_on_the_fifteenth(town: Town, family: Family) -> None:
    made = learned(town, family)
    town.does(RateProgram(made, 2), family.guardian)
    town.comes(date(2026, 11, 15))
    assert isinstance(town.does(RateProgram(made, 3), family.guardian), Rated)
    town.comes(date(2026, 11, 16))
    late = TooLateToChange(date(2026, 11, 15))
    for wish in (RateProgram(made, 5), RateAspect(made, Aspect.RESULTS, 1), LeaveComment(made, "Late")):
        assert town.does(wish, family.guardian) == late
    assert seen(town, made, family.guardian).why_not == late
    assert score(town, made) == (3, 1)


def test_a_family_rates_once_and_only_those_who_decide(town: Town, family: Family) -> None:
    other, granny = town.person(), town.person()
    for who, rights in ((other, "full"), (granny, "read")):
        town.adds(schema.guardianship, person=who, child=family.child, rights=rights, since=town.now)
    made = learned(town, family)
    assert town.does(RateProgram(made, 1), granny) == GuardiansRate(made)
    assert isinstance(town.does(RateProgram(made, 5), other), Rated)
    assert town.does(RateProgram(made, 1), family.guardian) == RatedByAnother(made)
    assert not seen(town, made, family.guardian).mine
    assert score(town, made) == (5, 1)


def test_somebody_elses_enrollment_is_not_there(town: Town, family: Family) -> None:
    made, stranger = learned(town, family), town.person()
    assert town.asks(OneRating(made), stranger) is None
    assert town.asks(OneRating(made + 100), family.guardian) is None
    for wish in (
        RateProgram(made, 1),
        RateAspect(made, Aspect.RESULTS, 1),
        LeaveComment(made, "x"),
        DeclineRating(made),
    ):
        assert town.does(wish, stranger) == NotYours()
    assert town.does(RateProgram(made, 1), town.operator) == NotYours()
    assert score(town, made) == (0, 0)


def test_what_goes_on_is_not_rated_yet(town: Town, family: Family) -> None:
    made = family.learns(club(town), date(2026, 9, 1))
    assert town.does(RateProgram(made, 5), family.guardian) == NotOverYet(made)
    assert seen(town, made, family.guardian).why_not == NotOverYet(made)


def test_the_score_is_shown_from_three_ratings_on_and_the_providers_is_over_its_programs(town: Town) -> None:
    group = club(town)
    families = [Family(town) for _each in range(3)]
    made = [family.learns(group, date(2026, 9, 1)) for family in families]
    lives(town, AFTER)
    program = program_of(town, made[0])
    for family, enrollment, stars in zip(families[:2], made[:2], (5, 4), strict=True):
        town.does(RateProgram(enrollment, stars), family.guardian)
    card = town.asks(OneProgram(program), families[0].guardian)
    assert card is not None and card.score is None and card.provider_score is None
    town.does(RateProgram(made[2], 5), families[2].guardian)
    card = town.asks(OneProgram(program), families[0].guardian)
    assert card is not None and card.score is not None and card.provider_score is not None
    assert (card.score.tenths, card.score.count, card.provider_score.tenths) == (47, 3, 47)


# --- comments ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def commented(town: Town, family: Family) -> tuple[int, int]:
    """(enrollment, rating) with a comment that waits for the check."""
    name = {"first_name": "Анна", "surname": "Петрова"}
    town.run(lambda tx: tx.sql(schema.person.update().where(schema.person.c.id == family.guardian).values(**name)))
    made = learned(town, family)
    town.does(RateProgram(made, 5), family.guardian)
    town.does(LeaveComment(made, "Good teachers"), family.guardian)
    [line] = town.asks(ListComments(), town.operator)
    return made, line.rating


def public(town: Town, family: Family, enrollment: int) -> list[tuple[str, str, str]]:
    comments = town.asks(CommentsOn(program_of(town, enrollment)), family.guardian)
    return [(comment.initials, comment.text, comment.reply) for comment in comments]


def test_a_comment_is_read_after_the_check_with_initials_and_its_author_is_told(
    town: Town, family: Family, commented: tuple[int, int]
) -> None:
    made, rating = commented
    assert public(town, family, made) == []
    shown = town.does(CheckComment(rating, shown=True), town.operator)
    assert shown == CommentShown(family.guardian, made)
    assert public(town, family, made) == [("А. П.", "Good teachers", "")]
    assert [who for who, _kind, _told in town.notices("CommentShown")] == [family.guardian]
    assert town.does(CheckComment(rating, shown=True), town.operator) == CheckedAlready(rating)
    assert town.asks(ListComments(), town.operator) == ()


def test_a_comment_is_hidden_with_a_reason_that_its_author_reads(
    town: Town, family: Family, commented: tuple[int, int]
) -> None:
    made, rating = commented
    assert town.does(CheckComment(rating, shown=False, reason="  "), town.operator) == ReasonNeeded(rating)
    hidden = town.does(CheckComment(rating, shown=False, reason="It names a child"), town.operator)
    assert hidden == CommentHidden(family.guardian, made, "It names a child")
    assert seen(town, made, family.guardian).comment_reason == "It names a child"
    assert public(town, family, made) == []


def test_a_changed_comment_is_checked_anew_and_a_removed_one_is_gone(
    town: Town, family: Family, commented: tuple[int, int]
) -> None:
    made, rating = commented
    town.does(CheckComment(rating, shown=True), town.operator)
    town.does(LeaveComment(made, "Other words"), family.guardian)
    assert public(town, family, made) == []
    town.does(CheckComment(rating, shown=False, reason="No"), town.operator)
    assert town.does(LeaveComment(made, " "), family.guardian) == CommentLeft(made, removed=True)
    rated = seen(town, made, family.guardian)
    assert (rated.comment, rated.comment_state, rated.comment_reason) == ("", None, "")
    assert town.does(CheckComment(rating, shown=True), town.operator) == NoCommentToCheck(rating)


def test_a_comment_has_at_most_a_thousand_characters(town: Town, family: Family, commented: tuple[int, int]) -> None:
    made, _rating = commented
    assert town.does(LeaveComment(made, "ё" * 1000), family.guardian) == CommentLeft(made)
    assert town.does(LeaveComment(made, "ё" * 1001), family.guardian) == CommentTooLong(1001, 1000)


def test_only_the_municipalitys_own_operator_checks(town: Town, family: Family, commented: tuple[int, int]) -> None:
    _made, rating = commented
    elsewhere = operator(town.municipality + 1)
    assert town.asks(ListComments(), elsewhere) == ()
    for me in (elsewhere, provider_of(town.provider)):
        assert town.does(CheckComment(rating, shown=True), me) == NotYours()
    assert town.does(CheckComment(rating, shown=True), family.guardian) == NotYours()
    assert town.does(CheckComment(rating + 1, shown=True), town.operator) == NotYours()


def test_the_provider_answers_a_shown_comment_once(town: Town, family: Family, commented: tuple[int, int]) -> None:
    made, rating = commented
    me = provider_of(town.provider)
    assert town.asks(ListComments(CommentState.WAITING), me) == ()
    assert town.does(ReplyToRating(rating, "Thank you"), me) == NotShownYet(rating)
    town.does(CheckComment(rating, shown=True), town.operator)
    assert [line.rating for line in town.asks(ListComments(CommentState.SHOWN), me)] == [rating]
    assert town.does(ReplyToRating(rating, "  "), me) == EmptyReply(rating)
    assert town.does(ReplyToRating(rating, "x" * 1001), me) == CommentTooLong(1001, 1000)
    assert town.does(ReplyToRating(rating, "Thank you"), provider_of(town.provider + 1)) == NotYours()
    assert town.does(ReplyToRating(rating, "Thank you"), me) == ReplyGiven(family.guardian, made)
    assert town.does(ReplyToRating(rating, "Again"), me) == RepliedAlready(rating)
    assert public(town, family, made) == [("А. П.", "Good teachers", "Thank you")]
    assert [who for who, _kind, _told in town.notices("ReplyGiven")] == [family.guardian]
