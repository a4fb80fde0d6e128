"""No fact without its notice: each is told, or somebody has decided that it is silent."""

from bot.domain.messages import AboutChild, AboutPerson, Fact, Refusal
from bot.notifications.notices import NOTICES, SILENT
from bot.storage import world


def facts() -> set[type[Fact]]:
    """Every concrete fact of the project that is not a refusal."""
    assert world.WORLD
    found: set[type[Fact]] = set()
    waiting: list[type[Fact]] = [Fact]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found.add(kind)
    return {
        kind
        for kind in found
        if kind.__module__.startswith("bot.") and not issubclass(kind, Refusal) and not kind.__subclasses__()
    } - {Fact}


def test_every_fact_is_told_or_silent_and_none_is_both() -> None:
    undecided = {kind.__name__ for kind in facts() - set(NOTICES) - SILENT}
    assert not undecided
    assert not set(NOTICES) & SILENT


def test_what_is_told_is_told_to_somebody() -> None:
    assert all(issubclass(kind, AboutChild | AboutPerson) for kind in NOTICES)
