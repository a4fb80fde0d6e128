"""What people type, as it is compared: cleaned, folded; and the words that mean the same everywhere, in either language."""

import re
import unicodedata
from functools import lru_cache

from bot.dialogs.core import Turn
from bot.dialogs.home import Help
from bot.domain.letters import in_other_layout

SHORTEST_BEGINNING = 4
"""Letters that may stand for the only button that begins so; fewer only where they are its whole first word."""

WORDS: dict[str, Turn] = {
    **dict.fromkeys(("back", "/back", "назад", "вернуться"), Turn("back")),
    **dict.fromkeys(("home", "menu", "/menu", "меню", "главная", "домой", "в начало", "главное меню"), Turn("home")),
    **dict.fromkeys(("start", "/start", "начать", "старт"), Turn("home")),
    **dict.fromkeys(("help", "/help", "помощь", "справка", "?"), Turn("go", Help())),
}
"""What means the same everywhere."""
CANCEL = {"cancel", "/cancel", "отмена", "отменить", "стоп"}
GREETINGS = {"hello", "hi", "привет", "здравствуйте", "добрый день", "доброе утро", "добрый вечер"}
ANSWERS = {"yes", "no", "да", "нет", "это мы", "это не мы"}
"""To a push, whose question only its button opens: the menu says what is awaited."""
THANKS = {"thanks", "thank you", "ok", "спасибо", "спасибо большое", "благодарю", "хорошо", "ок"}
QUESTION = re.compile(r"(как|когда|почему|зачем|что такое|how|when|why)\b")
"""These are heard only where nothing is asked: elsewhere they may be what was asked for. No club is looked for with such a word."""


def cleaned(text: str) -> str:
    """Without what cannot be seen: zero-width and direction marks, control characters; composed, spaces single at the edges."""
    if text.isprintable():
        return unicodedata.normalize("NFC", text).strip()
    kept = (
        c if unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs"} else " " if c in "\n\t\r" else "" for c in text
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def folded(text: str) -> str:
    """As people compare words: case, ё and spaces aside."""
    return " ".join(text.casefold().replace("ё", "е").split())


def meanings(text: str) -> tuple[str, str]:
    """As it was typed, and as the same keys of the other keyboard have it: «yfpfl» is «назад»."""
    return folded(text), folded(in_other_layout(text))


def begins(label: str, typed: str) -> bool:
    """«да» begins «да, уйти», «перв» begins «первомайский»; a number begins nothing: it may be an age."""
    if not label.startswith(typed) or not typed[0].isalpha():
        return False
    return len(typed) >= SHORTEST_BEGINNING or (len(typed) > 1 and not label[len(typed) :][:1].isalnum())


folded_label = lru_cache(4_096)(folded)
"""Labels are few, and each is compared with whatever anybody types."""
