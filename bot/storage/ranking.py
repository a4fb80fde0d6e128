"""What puts one program above another: points for each thing that parents look at, in whole numbers, the same on every database.

Words weigh most, then free seats, then nearness; age, rating, price and a known timetable decide among the like. A program has the points of the best of
its groups that match. What does not depend on the question is reckoned when it changes and stands on the shelf (`standing`), so that an index has it in order.
"""

from sqlalchemy import ColumnElement, and_, bindparam, case

from bot.storage.stems import ACTIVITY

OWN = 3
"""Steps for the word itself, times the place where it stands (`stems.NAME` …): 12 in a name, 9 in an activity, 3 in a description."""
ALIKE, LIKE = (8, 6), (4, 3)
"""Steps for a synonym, and for what is only wider, narrower or begins so: in an activity, and in a name, which may be just a nice word («Акварель»)."""
EACH_STEP = 70
SEATS, LATER = 300, 150
"""A free seat: in a group that runs or begins within SOON days, and in one that begins later."""
SOON = 60
TIMETABLE = 20
NEAREST = ((0, 250), (1, 180), (2, 100))
"""The chosen place itself, places within its first ring, within the second (distances.RINGS)."""
FITTING_AGES = ((2, 60), (4, 40), (7, 20))
"""A program for few years is made for them."""
PRIOR_STARS, PRIOR_COUNT = 4, 5
"""R7.3: as if five families had given four stars already, so that one five does not win (a Bayesian mean)."""
FREE, PRICED = 40, 20
CHEAPEST, KOPECKS_A_POINT = 200, 10_000


def standing(room: bool, soon: bool, timetable: bool, rating: int, price: int | None) -> int:
    """Of a group, whatever is asked: a free seat, and a soon one; that it has said when it meets; nothing to pay before something, something before a price that nobody
    has stated."""
    return (
        (SEATS if soon else LATER) * room
        + TIMETABLE * timetable
        + rating
        + (0 if price is None else PRICED if price else FREE)
    )


def rating(stars: int, ratings: int, shown_from: int) -> int:
    """20 points a star; an unrated program has the prior mean, and so has one whose score is not shown yet."""
    shown = ratings >= max(shown_from, 1)
    return 20 * (stars + PRIOR_STARS * PRIOR_COUNT) // (ratings + PRIOR_COUNT) if shown else 20 * PRIOR_STARS


def age(youngest: int, oldest: int) -> int:
    """When an age is asked for."""
    return next((points for years, points in FITTING_AGES if oldest - youngest <= years), 0)


def words(worth: ColumnElement[int], terms: int) -> ColumnElement[int]:
    """The mean of what the words found."""
    return worth * EACH_STEP // terms


def steps(
    weight: ColumnElement[int], own: ColumnElement[bool], alike: ColumnElement[bool] | None
) -> ColumnElement[int]:
    """Of a word that is found."""
    in_activity = weight == ACTIVITY
    like = case((in_activity, LIKE[0]), else_=LIKE[1])
    if alike is None:
        return case((own, OWN * weight), else_=like)
    return case((own, OWN * weight), (alike & in_activity, ALIKE[0]), (alike, ALIKE[1]), else_=like)


def nearness(district: ColumnElement[int]) -> ColumnElement[int]:
    """Of a group's district."""
    ring = (district.in_(bindparam(f"ring{number}", expanding=True)) for number, _points in NEAREST)
    return case(*((here, points) for here, (_number, points) in zip(ring, NEAREST, strict=True)), else_=0)


def cheapness(price: ColumnElement[int]) -> ColumnElement[int]:
    """When the cheap ones are to come first."""
    return case((price < CHEAPEST * KOPECKS_A_POINT, CHEAPEST - price // KOPECKS_A_POINT), else_=0)


def left(price: ColumnElement[int]) -> ColumnElement[int]:
    """Within a balance: the more of it stays, the better."""
    balance = bindparam("balance", type_=price.type)
    return case((and_(balance > 0, price < balance), 100 - 100 * price // balance), else_=0)
