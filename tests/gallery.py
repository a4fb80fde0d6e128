"""`make gallery`: every screen, answer and notice, in Russian and English, as each channel shows it, on one page to read.

python -m tests.gallery build/gallery.html
"""

import sys
from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby
from pathlib import Path

from bot.dialogs.message import Key, Message
from bot.handlers.channel import TELEGRAM, VK, WEB, Limits
from bot.handlers.keyboard import parts
from bot.i18n import LANGUAGES
from tests.screens import Said, Shown, distinct, notices, said, screens

CHANNELS: Mapping[str, Limits] = {"web": WEB, "telegram": TELEGRAM, "vk": VK}
STYLE = """
body { margin: 0; font: 16px/1.4 system-ui, sans-serif; background: #e8ecf1; color: #14202b }
header { position: sticky; top: 0; z-index: 1; padding: .6rem 1rem; background: #fff; box-shadow: 0 1px 4px #0003 }
header label { margin-right: 1rem; white-space: nowrap }
nav, section { padding: 0 1rem 1rem; scroll-margin-top: 3rem } nav a { margin-right: .8rem; display: inline-block }
.cards { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start }
.card { width: 340px } .card h3 { margin: 0 0 .3rem; font-size: .8rem; font-weight: 600; color: #5a6b7b }
.part { margin-bottom: .4rem } .text { white-space: pre-wrap; overflow-wrap: anywhere; padding: .6rem .8rem; border-radius: .8rem;
  background: #fff }
.row { display: flex; gap: .25rem; margin-top: .25rem }
.row span { flex: 1; min-width: 0; padding: .4rem .3rem; border-radius: .5rem; background: #cfe0f3; text-align: center;
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: .9rem }
.row .url { background: #d8ead6 } .said { width: 340px; border-left: 3px solid #d9a441; padding: .2rem .6rem; background: #fff }
.shown { display: none }
"""
SHOWS = "body:has(#{language}:checked):has(#{channel}:checked) .{language}.{channel} {{ display: block }}\n"


def page() -> str:
    """The whole gallery."""
    rooms = {
        "Screens": by_room(distinct(screens())),
        "Notices": by_room(distinct(notices())),
    }
    answers = {room: list(told) for room, told in groupby(said_once(), key=lambda each: each.room)}
    contents = "".join(
        f"<p><b>{title}:</b> {''.join(f'<a href=#{title}-{room}>{room}</a>' for room in found)}</p>"
        for title, found in rooms.items()
    )
    style = STYLE + "".join(SHOWS.format(language=lang, channel=name) for lang in LANGUAGES for name in CHANNELS)
    style += "".join(f"body:has(#{lang}:checked) .said.{lang} {{ display: block }}\n" for lang in LANGUAGES)
    return "".join(
        (
            f"<!doctype html><html lang=ru><meta charset=utf-8><title>Gallery</title><style>{style}</style>",
            f"<header>{choice('language', LANGUAGES)} {choice('channel', CHANNELS)}</header><nav>{contents}</nav>",
            *(
                f"<section id={title}-{room}><h2>{title}: {room}</h2><div class=cards>"
                f"{''.join(map(card, found))}{''.join(map(note, answers.pop(room, ()))) if title == 'Screens' else ''}"
                "</div></section>"
                for title, by in rooms.items()
                for room, found in by.items()
            ),
            "</html>",
        )
    )


def by_room(shown: list[Shown]) -> dict[str, list[Shown]]:
    """Those of a module together, in order."""
    found: dict[str, list[Shown]] = {}
    for each in shown:
        found.setdefault(each.room, []).append(each)
    return found


def said_once() -> Iterator[Said]:
    """Every answer where it is first heard."""
    heard = set[str]()
    for each in said():
        if (words := each.in_language("en")) not in heard:
            heard.add(words)
            yield each


def choice(name: str, options: Mapping[str, object] | tuple[str, ...]) -> str:
    """One of several, the first of them now."""
    return "".join(
        f"<label><input type=radio name={name} id={option}{' checked' * (at == 0)}> {option}</label>"
        for at, option in enumerate(options)
    )


def card(shown: Shown) -> str:
    """A screen in every language and channel; channels that show the same share one."""
    drawn: list[str] = []
    for language, message in shown.messages:
        same: dict[str, list[str]] = {}
        for channel, limits in CHANNELS.items():
            same.setdefault("".join(map(part, parts(message, limits))), []).append(channel)
        drawn += [f'<div class="shown {language} {" ".join(names)}">{html}</div>' for html, names in same.items()]
    return f"<div class=card><h3>{shown.title}</h3>{''.join(drawn)}</div>"


def part(message: Message) -> str:
    """One message: its text and its buttons in rows, or its file."""
    rows = "".join(f"<div class=row>{''.join(map(button, row))}</div>" for row in message.rows)
    text = f"📎 {message.document.name}\n{message.document.content}" if message.document else message.text
    return f"<div class=part><div class=text>{escape(text)}</div>{rows}</div>"


def button(key: Key) -> str:
    """A button; one that opens a page in another colour."""
    return f"<span{' class=url' if key.url else ''}>{escape(key.label)}</span>"


def note(heard: Said) -> str:
    """A sentence above the next screen."""
    return "".join(
        f'<div class="said shown {language}"><h3>{heard.title}</h3>{escape(heard.in_language(language))}</div>'
        for language in LANGUAGES
    )


def main(path: Path) -> None:
    """Write the page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/gallery.html"))
