"""Russian words in Latin letters: typed in the other keyboard layout, spelled as in a passport, and as road signs write a name for a guest."""

import re

LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё"
LAYOUT = str.maketrans(LATIN + CYRILLIC, CYRILLIC + LATIN)
_SEVERAL = {
    "ж": "zh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "ё": "yo",
    "ъ": "",
    "ь": "",
    "й": "y",
}
_ONE = dict(zip("абвгдезиклмнопрстуфхыэ", "abvgdeziklmnoprstufhye", strict=True))
_IN_LATIN = str.maketrans(_ONE | _SEVERAL)
_READ = {
    **{
        "shch": "щ",
        "sch": "щ",
        "sh": "ш",
        "ch": "ч",
        "zh": "ж",
        "kh": "х",
        "ts": "ц",
        "tz": "ц",
        "yu": "ю",
        "ju": "ю",
        "ya": "я",
        "ja": "я",
    },
    **{
        "iya": "ия",
        "iy": "ий",
        "ij": "ий",
        "yy": "ый",
        "yo": "е",
        "jo": "е",
        "ye": "е",
        "je": "е",
        "ey": "ей",
        "ay": "ай",
        "oy": "ой",
    },
    **{"c": "ц", "w": "в", "q": "к", "x": "кс", "j": "й", "y": "ы", "'": "ь"},
    **{latin: russian for russian, latin in _ONE.items() if russian not in "ыэ"},
}
_SOUNDS = re.compile("|".join(sorted(_READ, key=len, reverse=True)))


def in_latin(name: str) -> str:
    """«кола» is «kola»."""
    return name.translate(_IN_LATIN)


def in_cyrillic(word: str) -> str:
    """«shahmaty» is «шахматы»."""
    return _SOUNDS.sub(lambda found: _READ[found[0]], word)


def in_other_layout(text: str) -> str:
    """«vehvfycr» is «мурманск»: the same keys of the other keyboard."""
    return text.casefold().translate(LAYOUT)
