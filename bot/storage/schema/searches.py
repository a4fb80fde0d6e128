"""Saved searches, and what a morning found for them."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, Table, Text

from bot.storage.schema.catalogue import shelf
from bot.storage.schema.columns import flag, identity, instant, kopecks, metadata, ref, word

saved_search = Table(
    "saved_search",
    metadata,
    identity(),
    ref("person", "person"),
    ref("program", "program", null=True),  # of one program; null: of what the filters find
    word("filters", default="{}"),  # codec's JSON
    # of the filters, what tells in SQL whom a piece of news may concern:
    Column("district", BigInteger, nullable=False),
    Column("age", Integer, nullable=False),
    word("direction", default=""),
    flag("paused"),
    instant("created_at", null=False),
)
Index("ix_saved_search_person", saved_search.c.person)
Index("ix_saved_search_program", saved_search.c.program)
Index("ix_saved_search_asked", saved_search.c.district, saved_search.c.age, saved_search.c.direction)

catalogue_seen = Table(
    "catalogue_seen",
    metadata,
    Column("municipality", BigInteger, primary_key=True),  # the reader's
    Column("group", BigInteger, ForeignKey("group.id", ondelete="CASCADE"), primary_key=True),
    Column("program", BigInteger, nullable=False),
    kopecks("price", null=True),  # as the family sees it
    flag("is_open"),
    flag("room"),  # open, with a free seat
    sqlite_with_rowid=False,
)
"""What a municipality's families were offered on its last morning: what differs today is news for saved searches."""
Index("ix_catalogue_seen_group", catalogue_seen.c.group)

NOT_NEWS = ("group", "soon", "standing", "standing_for_age")
"""Of the shelf: what is a key here, and what no news is ranked by."""
catalogue_news = Table(
    "catalogue_news",
    metadata,
    Column("reader", BigInteger, primary_key=True),  # the reader's municipality
    Column("day", Date, primary_key=True),
    Column("kind", Text, primary_key=True),  # freed | opened | appeared | cheaper
    Column("group", BigInteger, ForeignKey("group.id", ondelete="CASCADE"), primary_key=True),
    *(
        Column(each.name, each.type, nullable=each.nullable, server_default=each.server_default)
        for each in shelf.columns
        if each.name not in NOT_NEWS
    ),
    sqlite_with_rowid=False,
)
"""What a morning has found, as it stood on the shelf, so that a search looks through it as through the shelf; later mornings clear it away."""
Index("ix_catalogue_news_group", catalogue_news.c.group)
