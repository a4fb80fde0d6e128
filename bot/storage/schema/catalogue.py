"""Providers, their programs, modules, groups and timetables; what the search looks at."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Time,
    UniqueConstraint,
)

from bot.storage.schema.columns import flag, identity, instant, kopecks, metadata, ref, word

provider = Table(
    "provider",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    word("external_id", null=True),
    word("name"),
    word("kind"),  # municipal | state | private | entrepreneur
    word("inn", null=True),
    word("phone", null=True),
    word("email", null=True),
    word("site", null=True),
    word("state", default="active"),  # active | banned | no_license
    UniqueConstraint("municipality", "name"),
)

agreement = Table(
    "agreement",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    ref("provider", "provider"),
    Column("start", Date, nullable=False),
    Column("stop", Date, nullable=True),
    UniqueConstraint("municipality", "provider"),
)

program = Table(
    "program",
    metadata,
    identity(),
    ref("provider", "provider"),
    ref("municipality", "municipality"),
    word("external_id"),
    word("name"),
    word("description", default=""),
    word("registry"),  # certified | significant | preprofessional | general | commercial
    word("direction"),  # technical | science | sport | art | tourism | social
    word("activity", default=""),
    Column("age_min", Integer, nullable=False),
    Column("age_max", Integer, nullable=False),
    flag("disability"),
    word("state", default="active"),  # active | archived | proposed by its provider | returned to it
    word("returned_words", null=True),  # the operator's, what to mend
    flag("own"),  # entered by its provider: no registry's file knows it
    word("edited", null=True),  # JSON: fields that the provider has changed → what the registry told before
    Column("rating_sum", Integer, nullable=False, server_default="0"),
    Column("rating_count", Integer, nullable=False, server_default="0"),
    UniqueConstraint("provider", "external_id"),
    CheckConstraint("age_min <= age_max", name="ages"),
)
Index("ix_program_municipality", program.c.municipality, program.c.state)
Index("ix_program_external_id", program.c.municipality, program.c.external_id)

module = Table(
    "module",
    metadata,
    identity(),
    ref("program", "program"),
    word("external_id"),
    word("name"),
    kopecks("price", null=True),  # null: not stated; 0: free
    kopecks("normative", null=True),
    word("edited", null=True),  # as a program's
    UniqueConstraint("program", "external_id"),
)

group = Table(
    "group",
    metadata,
    identity(),
    ref("module", "module"),
    ref("district", "district", null=True),
    word("external_id"),
    word("name"),
    word("address", default=""),
    word("teacher", default=""),
    Column("start", Date, nullable=False),
    Column("stop", Date, nullable=False),
    Column("seats", Integer, nullable=False),
    Column("taken", Integer, nullable=False, server_default="0"),  # R6.1, kept by whoever takes or frees a seat
    instant("freed_at"),  # when a seat last became free
    Column("free_told", Integer, nullable=True),  # free seats as the registry last told them
    flag("is_open", default=True),
    word("state", default="active"),  # active | archived
    flag("own"),  # as a program's
    word("edited", null=True),
    UniqueConstraint("module", "external_id"),
    CheckConstraint("start <= stop", name="runs_forward"),
    CheckConstraint("taken >= 0", name="seats_not_negative"),
)
Index("ix_group_module", group.c.module)
Index("ix_group_district", group.c.district)

lesson = Table(
    "lesson",
    metadata,
    identity(),
    Column("group", BigInteger, ForeignKey("group.id", ondelete="CASCADE"), nullable=False),
    Column("weekday", Integer, nullable=False),  # 1 = Monday … 7
    Column("start", Time, nullable=False),
    Column("stop", Time, nullable=False),
    word("weeks", default="every"),  # every | odd | even
    word("place", default=""),
    CheckConstraint("weekday between 1 and 7", name="weekday"),
)
Index("ix_lesson_group", lesson.c.group)

past_timetable = Table(
    "past_timetable",
    metadata,
    Column("group", BigInteger, ForeignKey("group.id", ondelete="CASCADE"), primary_key=True),
    Column("until", Date, primary_key=True),  # the local day from which the next one holds
    word("document"),  # [[2, "15:00:00", "16:00:00", "every", ""], …]: the columns of `lesson`
    sqlite_with_rowid=False,
)
"""What a group's lessons were before each change of them (R5.4)."""

shelf = Table(
    "shelf",
    metadata,
    Column("municipality", BigInteger, primary_key=True),  # the program's
    Column("district", BigInteger, primary_key=True),  # 0: not told
    Column("program", BigInteger, primary_key=True),
    Column("group", BigInteger, ForeignKey("group.id", ondelete="CASCADE"), primary_key=True),
    Column("provider", BigInteger, nullable=False),
    Column("age_min", Integer, nullable=False),
    Column("age_max", Integer, nullable=False),
    word("direction"),
    word("registry"),
    kopecks("price", null=True),  # as the family sees it
    kopecks("normative", null=True),
    Column("start", Integer, nullable=False),  # day numbers: SQL counts with them on every database
    Column("stop", Integer, nullable=False),
    Column("weekdays", Integer, nullable=False),  # bit 1 is Monday's, bit 7 Sunday's; 0: no timetable
    Column("starts", Time, nullable=True),  # of the earliest lesson; null: no timetable
    Column("ends", Time, nullable=True),  # of the latest
    flag("room"),  # open, with a free seat
    flag("soon", default=True),  # it runs, or begins within ranking.SOON days
    Column(
        "standing", Integer, nullable=False, server_default="0"
    ),  # points that do not depend on the question (storage/ranking.py)
    Column("standing_for_age", Integer, nullable=False, server_default="0"),  # the same, when an age is asked for
    sqlite_with_rowid=False,
)
"""What the search looks at: the active groups of active programs, all that filters ask for in one row."""
for _standing in (shelf.c.standing, shelf.c.standing_for_age):
    Index(  # a municipality's best first, with all that may be asked of them
        f"ix_shelf_{_standing.name}",
        shelf.c.municipality,
        _standing.desc(),
        shelf.c.program,
        shelf.c.group,
        *(shelf.c[name] for name in ("stop", "provider", "district", "age_min", "age_max", "direction", "price")),
        *(shelf.c[name] for name in ("start", "weekdays", "starts", "ends", "room")),
    )
Index("ix_shelf_provider", shelf.c.provider)
Index("ix_shelf_program", shelf.c.program)

stem = Table("stem", metadata, identity(), word("word"), word("shown"), UniqueConstraint("word"))
"""Every stem that a program can be found by, with a whole word to show for it; none is ever removed."""

program_stem = Table(
    "program_stem",
    metadata,
    Column("municipality", BigInteger),  # the program's: words are looked for within a reader's reach
    Column("stem", BigInteger),
    Column("program", BigInteger, ForeignKey("program.id", ondelete="CASCADE")),
    Column("weight", Integer, nullable=False),  # where it stands: name, activity, provider, description
    PrimaryKeyConstraint("municipality", "stem", "program", postgresql_include=["weight"]),  # SQLite keeps all there
    sqlite_with_rowid=False,
)
Index("ix_program_stem_program", program_stem.c.program)
