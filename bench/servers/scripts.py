"""What the people of a crowd do."""

from collections.abc import Callable
from itertools import count
from random import Random

import orjson

from bench.servers.crowd import Keys, Say, Script

WORDS = (
    "танцы", "футбол", "робототехника", "рисование", "плавание", "шахматы", "английский", "гимнастика", "вокал",
    "программирование", "театр", "лепка", "самбо", "баскетбол", "гитара", "хоккей", "лёгкая атлетика", "математика",
    "подготовка к школе", "фортепиано", "волейбол", "изо", "хореография", "карате", "бокс", "3d моделирование", "шитьё",
    "фигурное катание", "журналистика", "мультипликация", "лыжи", "скалолазание", "ритмика", "scratch", "python",
    "астрономия", "химия", "биология", "туризм", "цирк", "керамика", "вязание", "бисер", "фотография", "блогер",
    "физика", "немецкий", "шашки", "хор", "психология", "волонтёр", "кулинария", "картинг", "авиамоделирование",
    "судомоделирование", "резьба по дереву", "краеведение", "экология", "история", "география", "финансовая грамотность",
    "настольный теннис", "бальные танцы", "современные танцы", "народные танцы", "кукольный театр", "ораторское искусство",
    "музей", "конструирование", "юный конструктор", "олимпиадная математика", "компьютерная графика", "бумага",
    "инженерный класс", "исследователь", "экскурсовод", "литература", "настольные игры", "вожатый", "право",
)  # fmt: skip
"""As parents write; the first most often."""
WEIGHTS = tuple(1 / place for place in range(1, len(WORDS) + 1))
AGES = range(5, 18)
ONE_OF = 8
"""So many words hold one with a slip of the finger."""
LAST = ">menu"
"""The button that ends the service's answer, in however many messages VK takes it."""


def form(chance: Random, channel: str) -> Script:
    """A peer's form: text after text; each is answered by a message with six buttons."""
    for number in count(1):
        keys = yield Say(f"Ответ {number}")
        assert len(keys) == 6, f"{len(keys)} buttons"


def menu(chance: Random, channel: str) -> Script:
    """The service's plain menu."""
    while True:
        keys = yield Say("меню")
        assert any(_choice(key.data) == ">search" for key in keys), "no menu"


def search(chance: Random, channel: str) -> Script:
    """The service's search: into it by the buttons, then words and ages by turns; every text is answered by a list of programs."""
    keys = yield Say("меню")
    keys = yield _tap(keys, ">search")
    places = [key for key in keys if _choice(key.data).isdecimal()]
    assert places, "no places to search in"
    place, age, words = chance.choice(places), chance.choice(AGES), ""
    keys = yield Say(data=place.data, last=LAST)
    keys = yield Say(str(age), last=LAST)
    while True:
        assert any(_choice(key.data) == "filters" for key in keys), "no list of programs"
        if chance.random() < 0.2:
            age = chance.choice(AGES)
            said = str(age)
        else:
            said = words = _slip(chance, chance.choices(WORDS, WEIGHTS)[0])
        keys = yield Say(said, last=LAST, asks=f"{place.label}, {age}, {words}")


def _slip(chance: Random, word: str) -> str:
    if len(word) < 6 or chance.randrange(ONE_OF):
        return word
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1 :]


def _tap(keys: Keys, choice: str) -> Say:
    found = [key.data for key in keys if _choice(key.data) == choice]
    assert found, f"no button {choice}"
    return Say(data=found[0])


def _choice(data: str) -> str:
    """`turn:choice` or `>door`, on VK inside `{"d": …}`."""
    if data.startswith('{"d"'):
        data = orjson.loads(data)["d"]
    return data if data.startswith(">") else data.partition(":")[2]


SCRIPTS: dict[str, Callable[[Random, str], Script]] = {"form": form, "menu": menu, "search": search}
