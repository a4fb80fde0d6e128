"""What puts one program above another: points for each thing that parents look at, in whole numbers, the same on every database.

Words weigh most, then free seats, then nearness; age, rating, price and a known timetable decide among the like.
"""

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, func, literal

from bot.storage.schema import program, shelf
from bot.storage.stems import ACTIVITY

OWN = 3
"""Steps for the word itself, times the place where it stands (`stems.NAME` …): 12 in a name, 9 in an activity, 3 in a description."""
ALIKE, LIKE = (8, 6), (4, 3)
"""Steps for a synonym, and for what is only wider, narrower or begins so: in an activity, and in a name, which may be just a nice word («Акварель»)."""
EACH_STEP = 70
SEATS = 250
TIMETABLE = 20
NEAREST = ((0, 250), (1, 180), (2, 100))
"""The chosen place itself, places within its first ring, within the second (distances.RINGS)."""
FITTING_AGES = ((2, 60), (4, 40), (7, 20))
"""A program for few years is made for them."""
PRIOR_STARS, PRIOR_COUNT = 4, 5
"""R7.3: as if five families had given four stars already, so that one five does not win (a Bayesian mean)."""
FREE, PRICED = 40, 20
CHEAPEST, KOPECKS_A_POINT = 200, 10_000

s = shelf.c


def words(worth: ColumnElement[int], terms: int) -> ColumnElement[int]:
    """The mean of what the words found."""
    return worth * EACH_STEP // terms if terms else literal(0, Integer)


def steps(
    weight: ColumnElement[int], own: ColumnElement[bool], alike: ColumnElement[bool] | None
) -> ColumnElement[int]:
    """Of a word that is found."""
    in_activity = weight == ACTIVITY
    like = case((in_activity, LIKE[0]), else_=LIKE[1])
    if alike is None:
        return case((own, OWN * weight), else_=like)
    return case((own, OWN * weight), (alike & in_activity, ALIKE[0]), (alike, ALIKE[1]), else_=like)


def seats(free: ColumnElement[int]) -> ColumnElement[int]:
    return case((free > 0, SEATS), else_=0)


def timetable() -> ColumnElement[int]:
    """Of a program's groups, whether one has said when it meets."""
    return case((func.count(s.starts) > 0, TIMETABLE), else_=0)


def nearness() -> ColumnElement[int]:
    """Of a program's groups the nearest."""
    ring = (s.district.in_(bindparam(f"ring{number}", expanding=True)) for number, _points in NEAREST)
    return func.max(case(*((here, points) for here, (_number, points) in zip(ring, NEAREST, strict=True)), else_=0))


def age() -> ColumnElement[int]:
    span = program.c.age_max - program.c.age_min
    return case(*((span <= years, points) for years, points in FITTING_AGES), else_=0)


def rating() -> ColumnElement[int]:
    """20 points a star; an unrated program has the prior mean, and so has one whose score is not shown yet."""
    mean = 20 * (program.c.rating_sum + PRIOR_STARS * PRIOR_COUNT) // (program.c.rating_count + PRIOR_COUNT)
    shown = program.c.rating_count >= bindparam("shown_from", type_=Integer)
    return case((shown, mean), else_=20 * PRIOR_STARS)


def price(least: ColumnElement[int], cheap: bool) -> ColumnElement[int]:
    """Nothing to pay before something, something before a price that nobody has stated."""
    if not cheap:
        return case((least == 0, FREE), (least > 0, PRICED), else_=0)
    dear = least >= CHEAPEST * KOPECKS_A_POINT
    return case((least.is_(None), 0), (dear, PRICED), else_=PRICED + CHEAPEST - least // KOPECKS_A_POINT)


def left(least: ColumnElement[int]) -> ColumnElement[int]:
    """Within a balance: the more of it stays, the better."""
    balance = bindparam("balance", type_=s.price.type)
    return case((and_(balance > 0, least < balance), 100 - 100 * least // balance), else_=0)
