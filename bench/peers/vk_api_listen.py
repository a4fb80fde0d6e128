"""vk-api: its long poll's `listen`, one after another; states in a dictionary. Its own pause of 50 ms a call is taken away."""

import requests
from requests.adapters import HTTPAdapter
from vk_api import VkApi
from vk_api.bot_longpoll import VkBotEventType, VkBotLongPoll
from vk_api.keyboard import VkKeyboard
from vk_api.utils import get_random_id

from bench.peers.form import API_URL, CHOICES, QUESTIONS, TOKEN

NEXT = {"place": "age", "age": "words", "words": "place"}


class Local(HTTPAdapter):
    """Calls go to the configured host."""

    def send(self, request: requests.PreparedRequest, *rest: object, **options: object) -> requests.Response:
        request.url = str(request.url).replace("https://api.vk.ru", API_URL)
        return super().send(request, *rest, **options)


class Unhurried(VkApi):
    RPS_DELAY = 0


def keyboard() -> str:
    board = VkKeyboard(inline=True)
    for number, row in enumerate(CHOICES):
        if number:
            board.add_line()
        for label, data in row:
            board.add_callback_button(label, payload={"d": data})
    return board.get_keyboard()


def main() -> None:
    http = requests.Session()
    http.mount("https://", Local())
    session = Unhurried(token=TOKEN, session=http, api_version="5.199")
    vk = session.get_api()
    asked: dict[int, str] = {}
    answers: dict[int, dict[str, str]] = {}
    for event in VkBotLongPoll(session, 1).listen():
        if event.type != VkBotEventType.MESSAGE_NEW:
            continue
        peer, text = event.message["peer_id"], event.message["text"]
        if peer in asked:
            answers.setdefault(peer, {})[asked[peer]] = text
        asked[peer] = NEXT.get(asked.get(peer, ""), "place")
        vk.messages.send(peer_id=peer, random_id=get_random_id(), message=QUESTIONS[asked[peer]], keyboard=keyboard())


if __name__ == "__main__":
    main()
