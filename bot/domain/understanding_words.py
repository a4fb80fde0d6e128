"""The words that understanding.py knows, Russian and English: numbers, days, directions, and what says nothing of a club."""

import re
from collections.abc import Iterable

from bot.domain.catalogue import Direction

NUMBERS = {
    **{"один": 1, "два": 2, "двух": 2, "три": 3, "трех": 3, "четыре": 4, "четырех": 4, "пять": 5, "пяти": 5},
    **{"шесть": 6, "шести": 6, "семь": 7, "семи": 7, "восемь": 8, "восьми": 8, "девять": 9, "девяти": 9},
    **{"десять": 10, "десяти": 10, "одиннадцать": 11, "одиннадцати": 11, "двенадцать": 12, "двенадцати": 12},
    **{"тринадцать": 13, "тринадцати": 13, "четырнадцать": 14, "четырнадцати": 14, "пятнадцать": 15},
    **{"пятнадцати": 15, "шестнадцать": 16, "шестнадцати": 16, "семнадцать": 17, "семнадцати": 17},
    **{"five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12},
    **{"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17},
}
ORDINALS = {
    form: number
    for number, forms in enumerate(
        (
            ("первый", "первом", "первого", "перво", "first"),
            ("второй", "втором", "второго", "второ", "second"),
            ("третий", "третьем", "третьего", "третье", "third"),
            ("четвертый", "четвертом", "четвертого", "четверо", "fourth"),
            ("пятый", "пятом", "пятого", "пяти", "fifth"),
            ("шестой", "шестом", "шестого", "шести", "sixth"),
            ("седьмой", "седьмом", "седьмого", "семи", "seventh"),
            ("восьмой", "восьмом", "восьмого", "восьми", "eighth"),
            ("девятый", "девятом", "девятого", "девяти", "ninth"),
            ("десятый", "десятом", "десятого", "десяти", "tenth"),
            ("одиннадцатый", "одиннадцатом", "одиннадцатого", "одиннадцати", "eleventh"),
        ),
        start=1,
    )
    for form in forms
}
"""Years of school."""


def either(words: Iterable[str]) -> str:
    """A pattern for any of these, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


KIN = (
    r"сын\w*|доч\w+|дет\w+|реб[её]н\w+|малыш\w*|мальчик\w*|девочк\w+|внук\w*|внучк\w+|мне|нам|ему|ей|мой|моему|моей"
    r"|sons?|daughters?|boys?|girls?|kids?|child|children|he\s+is|she\s+is|i\s+am"
)
UNITS = r"класс|кл\b|руб|час|тыс|мес|минут|дн|раз|групп"
"""What makes a number beside a child something else than its age."""
NUMBERED = re.compile(r"(?:№|школ|лице|гимнази|дом|сад|группа|корпус|кабинет|python|лот|version|школы|дши|дмш|мбу|цдт)")
"""A number behind these words is a name."""

_DAYS = (
    r"понедельник\w*|пн|mon(?:day)?s?",
    r"вторник\w*|вт|tue(?:s|sday|sdays)?",
    r"сред[аыуеоа]\w*|ср|wed(?:nesday)?s?",
    r"четверг\w*|чт|thu(?:r|rs|rsday|rsdays)?",
    r"пятниц\w+|птн|пт|fri(?:day)?s?",
    r"суб{1,2}от\w+|сб|sat(?:urday)?s?",
    r"воскресе?н\w+|вск|вс|sun(?:day)?s?",
)
DAY = "|".join(_DAYS)


def day(name: str) -> int:
    """1 = Monday … 7."""
    return next(number for number, names in enumerate(_DAYS, start=1) if re.fullmatch(names, name))


DIRECTIONS = {
    **dict.fromkeys(("спорт", "спорта", "спорту", "спортом", "спорте", "sport", "sports"), Direction.SPORT),
    **dict.fromkeys(("творчество", "творчества", "творчеству", "творчеством", "art", "arts"), Direction.ART),
    **dict.fromkeys(("наука", "науки", "науку", "наукой", "науке", "science", "sciences"), Direction.SCIENCE),
    **dict.fromkeys(("техника", "техники", "технику", "техникой", "technology", "engineering"), Direction.TECHNICAL),
}
ADJECTIVES = {
    "техническ": Direction.TECHNICAL,
    "естествен": Direction.SCIENCE,
    "научн": Direction.SCIENCE,
    "физкультурн": Direction.SPORT,
    "спортивн": Direction.SPORT,
    "художествен": Direction.ART,
    "турист": Direction.TOURISM,
    "краевед": Direction.TOURISM,
    "социальн": Direction.SOCIAL,
    "гуманитарн": Direction.SOCIAL,
}
"""Before «направленность», or alone: «техническое»."""


LIKE_AN_ADJECTIVE = re.compile(r".*(?:[оы]е|[ыи]й|ая|ую|ой|ого)$")


def direction(word: str) -> Direction | None:
    """The direction that a word names."""
    if LIKE_AN_ADJECTIVE.match(word):
        return next((found for beginning, found in ADJECTIVES.items() if word.startswith(beginning)), None)
    return DIRECTIONS.get(word)


IDLE = frozenset(
    re.findall(
        r"\S+",
        """
    а без бы был была в во вот все где да для до ему если есть еще же за и из или им их к как какая какие какой какую ко
    когда кто куда ли либо мне мои мой моего моему моей мою моя мы на над нам нас не него нее ней нет но о об он она они от по под
    при про с со так там то тоже только у уже ух хоть чего чем что чтоб чтобы эта это этот я юный юные юных юная
    здравствуйте привет добрый доброе день дня вечер утро пожалуйста спасибо большое заранее подскажите скажите посоветуйте помогите
    хочу хотим хочет хотел хотела хотели хотелось ищу ищем искать найти найди найдите найдется подбери подберите подобрать нужен
    нужна нужно нужны надо можно может интересует интересуют интересуется интересно интересный нравится любит любят обожает мечтает
    отдать отвести водить записать записаться запишите запись пойти походить ходить ходил заниматься занимался учиться научиться
    научить научите поучиться попробовать начать имеются проводятся работает бывают недорогой хороший хорошая хорошие хорошую любой любые
    любая кружок кружка кружку кружком кружке кружки кружков секция секции секцию секций секцией занятие занятия занятий занятиям
    курс курсы курсов урок уроки уроков программа программы программу дополнительное дополнительного образование образования обучение обучения
    ребенок ребенка ребенку ребенком дети детей детям детский детская детские детское детского детских сын сына сыну сыном сынок сынишка сынишки сынишке
    дочь дочери дочка дочки дочке дочку дочерью доченька мальчик мальчика мальчику мальчиков мальчики девочка девочки девочке девочку девочек внук внука внуку
    внучка внучки внучке малыш малыша малышу малышей лет год года района районе район раз раза неделю месяц школьник школьника школьников школьнику
    класс класса классе место места мест рублей руб руки чадо чада чем-нибудь что-нибудь куда-нибудь какой-нибудь какую-нибудь что-то что-либо
    меня тебя вас вам нам свои двое двоих двум двоим обоих вместе двойняшки двойняшек близнецы близнецов погодки пусть лучше желательно примерно очень
    ходили ходила сидел сидела сидели умеет играть играл играла играет телефон телефоне телефона хватило срок сезон
    каждый ежедневно сколько стоит стоят стоить цена цены стоимость сходить учимся учится интересуется спокойный активный гиперактивный подвижный
    усидчивый застенчивый стеснительный близняшки максимум минимум полностью счет
    a about all an and any are around at be by can child children class classes club clubs course courses do for from good group groups have hello he
    her hi his i in is it kid kids lesson lessons like likes looking for me my near need of on or our please section she some son somewhere
    something suggest the their there to us want we what where which with would old year years daughter boy girl boys girls find search age aged
    """,
    )
)
"""Words of a request that tell no club from another."""

A_CLUB = re.compile(r"(?:кружк|кружок|секци|заняти|club|class(?:es)?$|сходить$|отдать$|записать)")
"""How words begin that ask for a club without saying which."""

KEYWORDS = frozenset(
    re.findall(
        r"\S+",
        """
    лет года класс классе классник бесплатно бесплатный бесплатные недорого дешево дешевле рублей тысяч тысячи месяц сертификат сертификата сертификату
    сертификатом хватит хватает хватило после утром вечером днем выходные выходным выходной будням будни понедельник понедельникам вторник вторникам среда среду
    средам четверг четвергам пятница пятницу пятницам суббота субботу субботам воскресенье воскресеньям недалеко рядом поблизости поближе свободные свободными
    места местами старшая подготовительная группа группы дошкольник дошкольника дошкольников подросток подростка подростков подросткам первоклассник первокласснику
    школы направленность направление дороже максимум пределах часов половиной района районе округе
    free cheap certificate after before weekend weekends weekdays evening evenings morning afternoon years monday tuesday wednesday thursday friday
    saturday saturdays sunday sundays nearby grade school not without except кроме без
    """,
    )
) | frozenset(NUMBERS)
"""Words of the rules, so that a typo in one of them is seen."""
