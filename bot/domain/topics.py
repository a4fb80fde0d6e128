"""What a parent may switch off among the notices."""

from enum import Enum


class Topic(Enum):
    """ALWAYS cannot be switched off: who may see the child, and what was asked of us."""

    ALWAYS = "always"
    CERTIFICATE = "certificate"
    MONEY = "money"
    ENROLLMENT = "enrollment"
    WAITING = "waiting"
    REMINDERS = "reminders"
    RATING = "rating"
    EVENTS = "events"
    SEARCH = "search"
    TOWN = "town"
