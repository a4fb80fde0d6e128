"""People and their chats; children, and who may see them; codes and links."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from bot.storage.schema.columns import flag, identity, instant, metadata, ref, word

person = Table(
    "person",
    metadata,
    identity(),
    ref("municipality", "municipality", null=True),
    word("language"),
    word("surname", null=True),
    word("first_name", null=True),
    word("patronymic", null=True),
    word("phone", null=True),  # E.164; a contact detail, never proof (R1.3)
    word("email", null=True),
    instant("created_at", null=False),
    instant("deleted_at"),
)

chat = Table(
    "chat",
    metadata,
    identity(),
    word("channel"),  # telegram | vk | web
    word("address"),  # the messenger's peer id, or the web session's key
    ref("person", "person"),
    flag("preferred"),
    instant("linked_at", null=False),
    instant("dead_at"),  # blocked by the parent or gone
    instant("cut_at"),  # unlinked; a new contact starts a new person
    UniqueConstraint("channel", "address"),
)
Index("ix_chat_person", chat.c.person)

conversation = Table(
    "conversation",
    metadata,
    Column("chat", BigInteger, ForeignKey("chat.id", ondelete="CASCADE"), primary_key=True),
    Column("turn", Integer, nullable=False),
    word("talk"),  # state, history, draft, offered: codec's JSON, secrets encrypted; empty: forgotten (R9.4)
    instant("changed_at", null=False),
)

consent = Table(
    "consent",
    metadata,
    identity(),
    ref("person", "person"),
    word("purpose"),  # certificate | health
    word("version"),
    word("hash"),
    instant("given_at", null=False),
    instant("withdrawn_at"),
)
Index("ix_consent_person", consent.c.person)

muted_topic = Table(
    "muted_topic",
    metadata,
    Column("person", BigInteger, ForeignKey("person.id"), primary_key=True),
    Column("topic", Text, primary_key=True),
)

child = Table(
    "child",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    ref("district", "district", null=True),
    word("surname", null=True),
    word("first_name", null=True),
    word("patronymic", null=True),
    word("folded_name", null=True),  # R2.10: ё = е, case, spaces, look-alike letters
    Column("birth_date", Date, nullable=False),
    word("sex", null=True),  # f | m | null
    word("address", null=True),
    word("snils", null=True),  # encrypted
    word("snils_print", null=True),  # keyed hash, to find a duplicate without decrypting
    word("contact", null=True),  # of the family, as the registry that it was imported from told it; for the operator
    instant("created_at", null=False),
    instant("deleted_at"),
)
Index(
    "ix_child_folded_name",  # a likeness (R2.10), and names that begin so, whatever order PostgreSQL's letters have
    child.c.folded_name,
    child.c.birth_date,
    postgresql_ops={"folded_name": "text_pattern_ops"},
)
Index("ix_child_birth_date", child.c.birth_date)
Index("ix_child_snils_print", child.c.snils_print)

guardianship = Table(
    "guardianship",
    metadata,
    identity(),
    ref("person", "person"),
    ref("child", "child"),
    word("rights"),  # full | read | self (the child's own chat, R1.3)
    instant("since", null=False),
    UniqueConstraint("person", "child"),
    CheckConstraint("rights in ('full', 'read', 'self')", name="known_rights"),
)
Index("ix_guardianship_child", guardianship.c.child)

link_code = Table(
    "link_code",
    metadata,
    identity(),
    word("print"),  # keyed hash of the code
    word("kind"),  # guardian | read | self | channel | certificate | restore
    ref("person", "person", null=True),  # whose channel, or who invites
    ref("child", "child", null=True),
    word("issued_by"),
    instant("expires_at", null=False),
    instant("used_at"),
    UniqueConstraint("print"),
)

card_code = Table(
    "card_code",
    metadata,
    identity(),
    word("print"),  # keyed hash of the code on a certificate's card
    ref("person", "person"),  # who shows it
    ref("child", "child"),
    instant("expires_at", null=False),
    UniqueConstraint("print"),
)
Index("ix_card_code_person", card_code.c.person, card_code.c.child)
Index("ix_card_code_child", card_code.c.child)

calendar_link = Table(
    "calendar_link",
    metadata,
    identity(),
    ref("person", "person"),
    word("print"),  # keyed hash of the token
    instant("made_at", null=False),
    UniqueConstraint("print"),
)
"""By which a phone's calendar reads a family's week."""
Index("ix_calendar_link_person", calendar_link.c.person)

wrong_try = Table(
    "wrong_try",
    metadata,
    identity(),
    ref("person", "person"),
    word("number"),  # the certificate number (or "code") that was tried, R2.11
    instant("at", null=False),
)
Index("ix_wrong_try_person", wrong_try.c.person, wrong_try.c.at)
Index("ix_wrong_try_number", wrong_try.c.number, wrong_try.c.at)
