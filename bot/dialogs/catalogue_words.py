"""How the catalogue names things: directions, registries, ages, prices, scores."""

from collections.abc import Mapping

from bot.domain.catalogue import Direction, Registry, Score
from bot.domain.money import ZERO, Money
from bot.i18n import Words, _, n_

DIRECTIONS: Mapping[Direction, Words] = {
    Direction.TECHNICAL: _("Technology"),
    Direction.SCIENCE: _("Natural science"),
    Direction.SPORT: _("Sport"),
    Direction.ART: _("Art"),
    Direction.TOURISM: _("Tourism and local history"),
    Direction.SOCIAL: _("Society and languages"),
}
REGISTRIES: Mapping[Registry, Words] = {
    Registry.CERTIFIED: _("The certificate pays for this program."),
    Registry.SIGNIFICANT: _("Free: the budget pays, the certificate's money is not touched."),
    Registry.PREPROFESSIONAL: _("Free: the budget pays, the certificate's money is not touched. Pre-professional."),
    Registry.GENERAL: _("Free: the budget pays, the certificate's money is not touched."),
    Registry.COMMERCIAL: _("The family pays for this program. The certificate does not pay for it."),
}


def ages(youngest: int, oldest: int) -> Words:
    """«ages 7–9»."""
    if youngest == oldest:
        return n_("age {count}", "age {count}", youngest)
    return n_("ages {min}–{count}", "ages {min}–{count}", oldest, min=youngest)


def price_words(registry: Registry, price: Money | None, several: bool = False) -> Words:
    """A price in short: of a group from its first day to its last."""
    if price is None:
        return _("price not stated")
    if price == ZERO and not several:
        return _("free")
    words = _("from {price} in all", price=price) if several else _("{price} in all", price=price)
    return _("{price}, not by certificate", price=words) if registry is Registry.COMMERCIAL else words


def score_words(score: Score) -> Words:
    """A mean and how many gave it (R7.3)."""
    return n_("{stars} of 5 ({count} rating)", "{stars} of 5 ({count} ratings)", score.count, stars=score.tenths / 10)
