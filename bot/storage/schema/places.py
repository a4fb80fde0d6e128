"""The municipality: districts, texts, working days, periods and nominals."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, ForeignKey, Integer, String, Table, UniqueConstraint

from bot.storage.schema.columns import identity, kopecks, metadata, ref, word

municipality = Table(
    "municipality",
    metadata,
    identity(),
    word("code"),
    word("name"),
    word("zone"),
    word("number_prefix"),  # region (2) + municipality (2), R2.6
    word("policy", default="{}"),
    UniqueConstraint("code"),
    UniqueConstraint("number_prefix"),
)

district = Table(
    "district",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    word("name"),
    UniqueConstraint("municipality", "name"),
)

population = Table(
    "population",
    metadata,
    Column("municipality", BigInteger, ForeignKey("municipality.id"), primary_key=True),
    Column("year", Integer, primary_key=True),  # how many lived there on its 1 January
    Column("district", BigInteger, primary_key=True),  # 0: not told apart
    Column("age", Integer, primary_key=True),
    Column("sex", String(1), primary_key=True),  # f | m | "": not told apart
    Column("children", Integer, nullable=False),
    CheckConstraint("children >= 0", name="not_negative"),
    CheckConstraint("sex in ('f', 'm', '')", name="known_sex"),
    sqlite_with_rowid=False,
)
"""The children that coverage is measured against (R10.1)."""

municipality_text = Table(
    "municipality_text",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    word("kind"),  # contacts | question | document
    word("language"),
    word("title"),
    word("body"),
    Column("position", Integer, nullable=False, server_default="0"),
    UniqueConstraint("municipality", "kind", "language", "title"),
)

calendar_year = Table(
    "calendar_year",
    metadata,
    Column(
        "municipality", BigInteger, primary_key=True
    ),  # 0: the region's, for all that have not entered the year themselves
    Column("year", Integer, primary_key=True),
    word("document"),  # the production calendar of a year as the staff entered it, R8.3
)

funding_period = Table(
    "funding_period",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    word("name"),
    Column("start", Date, nullable=False),
    Column("stop", Date, nullable=False),
    word("state"),  # planned | open | closed
    CheckConstraint("start <= stop", name="runs_forward"),
    UniqueConstraint("municipality", "start"),
)

certificate_group = Table(
    "certificate_group",
    metadata,
    identity(),
    ref("municipality", "municipality"),
    word("code"),  # all | disability | orphan | the municipality's own
    word("name"),
    UniqueConstraint("municipality", "code"),
)

nominal = Table(
    "nominal",
    metadata,
    identity(),
    ref("certificate_group", "certificate_group"),
    ref("period", "funding_period"),
    kopecks("kopecks"),
    Column("certificates", Integer, nullable=True),  # vacancies in number, R2.4; null = not limited
    kopecks("sum", null=True),  # vacancies in money, R2.4
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("certificate_group", "period"),
    CheckConstraint("kopecks >= 0", name="not_negative"),
)
