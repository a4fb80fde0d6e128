"""The turn and the outbox; what this installation keeps of itself."""

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint, literal_column, text

from bot.storage.schema.columns import identity, instant, metadata, ref, word

seen_update = Table(
    "seen_update",
    metadata,
    Column("key", String(120), primary_key=True),
    instant("at", null=False),
)

set_aside = Table(
    "set_aside",
    metadata,
    identity(),
    word("key"),
    word("channel"),
    word("why"),
    word("raw"),  # encrypted; purged after the retention, R9.4
    instant("at", null=False),
)

outbox = Table(
    "outbox",
    metadata,
    identity(),
    Column("key", String(120), nullable=False),  # a reply's is its turn, a notice's its cause and reader
    word("kind"),  # reply, or a fact's name
    ref("person", "person", null=True),
    ref("chat", "chat", null=True),  # a notice gets its address when it is sent
    word("content"),  # a reply: the message; a notice: the fact's values. JSON, encrypted for replies
    word("edits", null=True),  # the messenger's id of the message to take the place of
    Column("priority", Integer, nullable=False),  # 0 reply, 1 push
    word("state"),  # queued | sending | sent | failed
    # whose sender takes it; a notice's is found when it falls due; «nowhere»: until a chat comes
    word("channel", null=True),
    instant("not_before", null=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    word("tried_channels", default=""),
    word("sent_ref", null=True),
    word("words", null=True),  # encrypted: what was sent, until purged (R9.4)
    word("trouble", null=True),
    instant("created_at", null=False),
    instant("sent_at"),
    UniqueConstraint("key"),
    sqlite_autoincrement=True,  # an id is never given twice, even after a purge: VK drops a repeated one
)
QUEUED, SENDING, FAILED = (outbox.c.state == literal_column(f"'{state}'") for state in ("queued", "sending", "failed"))
"""Conditions with which the database finds the indexes of what waits and what failed: a parameter would not show it."""
for _name, _columns, _here in (
    ("queued", (outbox.c.channel, outbox.c.priority, outbox.c.not_before, outbox.c.id), QUEUED),
    ("sending", (outbox.c.channel,), SENDING),
    ("failed", (outbox.c.trouble,), FAILED),
):
    Index(f"ix_outbox_{_name}", *_columns, sqlite_where=_here, postgresql_where=_here)
Index("ix_outbox_person", outbox.c.person)
Index("ix_outbox_chat", outbox.c.chat)

web_message = Table(
    "web_message",
    metadata,
    identity(),
    ref("chat", "chat", ondelete="CASCADE"),
    word("who"),  # bot | parent
    word("content"),  # encrypted JSON
    word("outbox_key", null=True),  # the outbox row's key, or the key of the parent's update: each is kept once
    ref("replaces", "web_message", null=True),
    instant("at", null=False),
    instant("read_at"),
    UniqueConstraint("outbox_key"),
    sqlite_autoincrement=True,  # an open page asks for what came after the last id that it has seen
)
Index("ix_web_message_chat", web_message.c.chat)
Index("ix_web_message_replaces", web_message.c.replaces)
_UNREAD = text("read_at IS NULL")
Index("ix_web_message_unread", web_message.c.at, sqlite_where=_UNREAD, postgresql_where=_UNREAD)

setting = Table("setting", metadata, Column("name", String(60), primary_key=True), word("value"))
"""The installation's own: its id, the demo's time, a messenger's position."""

lease = Table(
    "lease",
    metadata,
    Column("name", String(60), primary_key=True),
    word("holder"),
    instant("until", null=False),
)

run = Table(
    "run",
    metadata,
    Column("key", String(120), primary_key=True),  # month:<municipality>:2026-09, border:<period>, …
    word("state"),  # going | done
    word("progress", default=""),
    instant("started_at", null=False),
    instant("done_at"),
)
"""What the calendar has done, so that it is done once and taken up where it stopped."""
