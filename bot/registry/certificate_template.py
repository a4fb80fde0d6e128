"""The template of certificates with balances, with two example rows."""

from bot.registry.blank import Blank
from bot.registry.certificates import COLUMNS

BLANK = Blank(
    "Сертификаты с остатками",
    "Сертификаты",
    tuple(column for column in COLUMNS if column.key not in ("surname", "first_name", "patronymic")),
    (
        {
            "number": "5101000017",
            "child": "Примерова Вера Ивановна",
            "birth_date": "14.03.2017",
            "sex": "ж",
            "kind": "ПФ",
            "category": "Все дети",
            "nominal": "12 000",
            "balance": "8 792,06",
            "contact": "8 (8152) 00-00-17",
        },
        {
            "number": "5101000025",
            "child": "Образцов Илья",
            "birth_date": "02.10.2012",
            "sex": "м",
            "kind": "учёта",
        },
    ),
    "Одна строка — один сертификат. Порядок столбцов любой, лишние не мешают.",
    frozenset({"birth_date", "nominal", "balance"}),
    {"sex": ("м", "ж"), "kind": ("учёта", "ПФ")},
)
