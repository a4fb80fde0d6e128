"""A parent's whole year, told once for every channel: from the first hello to the stars.

Money (R4, R5): a nominal of 15 000. Chess, 12 345.67 for 122 days, 91 of them in the autumn's period: 9 208.66, that is 3 035.84 and twice
3 086.41. Robots, 7 000, get what is left, 5 791.34 (1 909.24 and twice 1 941.05); the family pays 1 208.66 (398.46 and twice 405.10). Robots are
left in October: November's 1 941.05 returns, is not used and burns. The rest of chess, 31 days of 122, is 3 137.01 of the next period's money.
"""

from datetime import date

from bot.domain.money import Money
from bot.i18n import render
from tests.year.parents import Parent
from tests.year.town import CHESS, ROBOTS, Staff


def rubles(kopecks: int) -> str:
    """A sum as a Russian reader sees it."""
    return render(Money(kopecks), "ru")


async def lives_a_year(parent: Parent, staff: Staff) -> None:
    """Chapter after chapter; each begins where the last one ended."""
    await says_hello(parent)
    await begins_to_apply(parent)
    await applies(parent)
    await gets_the_certificate(parent, staff)
    await looks_for_a_club(parent)
    await enrols_in_chess(parent, staff)
    await enrols_in_robots(parent, staff)
    await is_charged(parent, staff)
    await leaves_robots(parent, staff)
    await crosses_the_border_with_chess(parent, staff)
    await rates_chess(parent, staff)
    await staff.finds_everything_in_order()


async def says_hello(parent: Parent) -> None:
    """Whatever comes first, the greeting answers."""
    await parent.starts()
    await parent.sees("Здравствуйте", "Подать заявление", "Найти кружок", "Настройки · English")


async def begins_to_apply(parent: Parent) -> None:
    """The consent first, in full; then the questions; one answer is wrong and explained."""
    await parent.taps("Сертификат")
    await parent.sees("Вы согласны?", "Не сейчас")
    await parent.taps("Прочитать полностью")
    await parent.sees("СОГЛАСИЕ", "152-ФЗ")
    await parent.taps("Назад")
    await parent.sees("Вы согласны?")
    await parent.taps("Даю согласие")
    await parent.sees("согласие записано", "Сертификата здесь пока нет")
    await parent.taps("Подать заявление")
    await parent.sees("от 5 до 17 лет", "8 коротких вопросов")
    await parent.taps("Начать")
    await parent.sees("1 из 8", "Как зовут ребёнка?")
    await parent.types("Смирнова Вера Павловна")
    await parent.sees("Фамилия Смирнова", "2 из 8")
    await parent.gives_day(date(2022, 3, 14))
    await parent.sees("ребёнок ещё мал", "с 14 марта 2027")
    await parent.gives_day(date(2017, 3, 14))
    await parent.sees("14 марта 2017", "3 из 8")
    await parent.taps("Ленинский")
    await parent.sees("4 из 8")
    await parent.types("ул. Полярная, д. 5, кв. 12")
    await parent.sees("5 из 8", "СНИЛС")


async def applies(parent: Parent) -> None:
    """The rest of the answers, the check of all, and sent."""
    await parent.types("112-233-445 95")
    await parent.sees("6 из 8")
    await parent.types("Смирнова Анна Игоревна")
    await parent.sees("7 из 8")
    await parent.gives_phone("+79161234567")
    await parent.sees("8 из 8")
    await parent.taps("Пропустить")
    await parent.sees("Проверьте, пожалуйста", "Смирнова Вера Павловна", "14 марта 2017", "+7 916 123-45-67", "95")
    await parent.taps("Отправить")
    await parent.sees("Заявление отправлено", "1 сентября 2026")


async def gets_the_certificate(parent: Parent, staff: Staff) -> None:
    """The decision and the visit are told unasked; then the money is asked for."""
    await parent.looks_away()
    await staff.accepts_the_application()
    await parent.sees("заявление на сертификат принято", "до 26 сентября 2026")
    await parent.looks_away()
    await staff.has_seen_the_originals()
    await parent.sees("сертификат готов")
    await parent.taps("Сертификат")
    await parent.sees("Смирнова Вера", "без денег", "14 марта 2035")
    await parent.taps("Попросить деньги")
    await parent.sees("Да, с деньгами")
    await parent.taps("Да, с деньгами")
    await parent.sees("Готово: теперь сертификат с деньгами", f"зачислено {rubles(1_500_000)}", "с 1 сентября 2026")


async def looks_for_a_club(parent: Parent) -> None:
    """By district and age, then by words; the card, and the price for this child, before anything is promised."""
    await parent.types("меню")
    await parent.sees("Что сделаем?")
    await parent.taps("Найти кружок")
    await parent.sees("Где должен быть кружок?", "Октябрьский")
    await parent.taps("Ленинский")
    await parent.sees("Сколько лет ребёнку?")
    await parent.types("9 лет")
    await parent.sees("Нашлось 2 кружка", "Ленинский · 9 лет", CHESS, ROBOTS)
    await parent.types("шахматы")
    await parent.sees("Нашёлся 1 кружок", rubles(1_234_567), "12 свободных мест")
    await parent.taps(f"1. {CHESS}")
    await parent.sees("7–12 лет", "Дом творчества", "вт, чт 15:00–16:30", "ул. Полярная, д. 1", "Записаться")
    await parent.taps("Цена для моего ребёнка")
    await parent.sees("если пойдёт Вера", f"С сертификата спишется: {rubles(920_866)}", rubles(303_584), rubles(308_641))
    await parent.taps("Назад")
    await parent.sees("Записаться")


async def enrols_in_chess(parent: Parent, staff: Staff) -> None:
    """The certificate pays all of it."""
    await parent.taps("Записаться")
    await parent.sees(f"На сертификате останется: {rubles(579_134)}", "по 30 ноября 2026", "до 31 декабря 2026", "Доплачивать не нужно")
    await parent.taps("Отправить заявку")
    await parent.sees("Заявка отправлена!", f"Отложено {rubles(920_866)}", "Отозвать заявку")
    await accepts_the_offer(parent, staff, CHESS)


async def enrols_in_robots(parent: Parent, staff: Staff) -> None:
    """The balance is short: the family's own part is agreed to apart."""
    await parent.types("меню")
    await parent.sees("Что сделаем?")
    await parent.taps("Найти кружок")
    await parent.sees("Где угодно")
    await parent.taps("Где угодно")
    await parent.sees("Любой возраст")
    await parent.taps("Любой возраст")
    await parent.sees("Нашлось 4 кружка")
    await parent.types("роботы")
    await parent.sees("Нашёлся 1 кружок")
    await parent.taps(f"1. {ROBOTS}")
    await parent.sees("Записаться")
    await parent.taps("Записаться")
    await parent.sees(f"С сертификата спишется: {rubles(579_134)}", f"Вы платите кружку сами: {rubles(120_866)}", rubles(39_846))
    await parent.taps("Продолжить")
    await parent.sees("Сертификат оплатит не всё", rubles(40_510), "Вы согласны?")
    await parent.taps("Согласны, отправить")
    await parent.sees(f"Отложено {rubles(579_134)}", f"вы платите кружку {rubles(39_846)}")
    await accepts_the_offer(parent, staff, ROBOTS)


async def accepts_the_offer(parent: Parent, staff: Staff, program: str) -> None:
    """The club says yes, and then the parent."""
    await parent.looks_away()
    await staff.takes_the_child(program)
    await parent.sees(program, "Ребёнка берут!")
    await parent.taps("К предложению")
    await parent.sees("Принять предложение", program)
    await parent.taps("Принять предложение")
    await parent.sees("Кнопка «Принимаю» заключает договор", "1 сентября 2026")
    await parent.taps("Принимаю")
    await parent.sees("Договор заключён", "Всё готово")


async def is_charged(parent: Parent, staff: Staff) -> None:
    """Two months of both clubs, each told with what is left; the own part is reminded of; the balance agrees."""
    await parent.looks_away()
    await staff.lets_time_pass_until(date(2026, 9, 1))
    await parent.sees("Занятия начинаются завтра", *charged(CHESS, 303_584, 617_282), *charged(ROBOTS, 190_924, 388_210))
    await parent.looks_away()
    await staff.lets_time_pass_until(date(2026, 10, 1))
    await parent.sees(*charged(CHESS, 308_641, 308_641), *charged(ROBOTS, 194_105, 194_105), "октябрь 2026")
    await parent.looks_away()
    await staff.lets_time_pass_until(date(2026, 10, 10))
    await parent.sees(f"За сентябрь 2026 вы платите кружку сами: {rubles(39_846)}", "до 10 октября 2026")
    await parent.taps("Остаток")
    await parent.sees(
        f"Остаток: {rubles(0)}",
        f"Отложено на выбранные кружки: {rubles(502_746)}",
        f"Уже списано за занятия: {rubles(997_254)}",
    )


def charged(program: str, kopecks: int, held: int) -> tuple[str, str]:
    """What a push about a month's charge says."""
    return f"с сертификата списано {rubles(kopecks)}", f"Ещё отложено на этот кружок: {rubles(held)}"


async def leaves_robots(parent: Parent, staff: Staff) -> None:
    """What returns and what does not is said before; it returns at once, and the history tells it."""
    await parent.types("меню")
    await parent.sees("Что сделаем?")
    await parent.taps("Мои кружки")
    await parent.sees(ROBOTS, CHESS, "занятия идут")
    await parent.taps(f"1. {ROBOTS}")
    await parent.sees("Занятия идут.", "Это не мы")
    await parent.taps("Уйти из кружка")
    await parent.sees(
        "до 31 октября 2026 включительно",
        f"Сразу вернётся на сертификат: {rubles(194_105)}",
        f"Не вернётся, потому что эти месяцы уже начались: {rubles(385_029)}",
        rubles(80_356),
    )
    await parent.taps("Да, уйти")
    await parent.sees("Готово.", f"на сертификат вернулось {rubles(194_105)}", f"Остаток на сертификате: {rubles(194_105)}")
    await parent.taps("Остаток")
    await parent.sees(f"Остаток: {rubles(194_105)}", f"Отложено на выбранные кружки: {rubles(308_641)}")
    await parent.taps("История")
    await parent.sees(f"+{rubles(194_105)}", f"{rubles(308_641)}. Списано из отложенного: «{CHESS}», октябрь 2026")
    await parent.taps("›")
    await parent.sees(f"+{rubles(1_500_000)}", f"−{rubles(920_866)}", f"−{rubles(579_134)}")
    await parent.looks_away()
    await staff.lets_time_pass_until(date(2026, 11, 1))
    await parent.sees(
        *charged(CHESS, 308_641, 0)[:1],
        "ноябрь 2026",
        f"остаток на сертификате — {rubles(194_105)}",
        f"зачислено {rubles(1_500_000)}",
        "Вчера был последний день",
        f"«{ROBOTS}» закончились. Как вам кружок?",
    )
    await parent.taps("Оценить кружок")
    await parent.sees(f"Как вам «{ROBOTS}»?")
    await parent.taps("Больше не спрашивать")
    await parent.sees("Больше не буду спрашивать")


async def crosses_the_border_with_chess(parent: Parent, staff: Staff) -> None:
    """The group goes on: the next period is offered, accepted, and its first month charged; what was not used burns."""


async def rates_chess(parent: Parent, staff: Staff) -> None:
    """Asked the day after the end; the program's card shows the score."""
