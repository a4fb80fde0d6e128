"""Now. The service asks here and hands the answer down; nothing below reads the machine's clock."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)
