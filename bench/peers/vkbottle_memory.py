"""vkbottle: states in its built-in dispenser, a handler a state, `message.answer`."""

from vkbottle import API, BaseStateGroup, Callback, Keyboard
from vkbottle.bot import Bot, Message

from bench.peers.form import API_URL, CHOICES, QUESTIONS, TOKEN

API.API_URL = f"{API_URL}/method/"
bot = Bot(TOKEN)


class Form(BaseStateGroup):
    PLACE = "place"
    AGE = "age"
    WORDS = "words"


def keyboard() -> str:
    board = Keyboard(inline=True)
    for number, row in enumerate(CHOICES):
        if number:
            board.row()
        for label, data in row:
            board.add(Callback(label, {"d": data}))
    return board.get_json()


@bot.on.message(state=Form.PLACE)
async def process_place(message: Message) -> None:
    await bot.state_dispenser.set(message.peer_id, Form.AGE, **{**message.state_peer.payload, "place": message.text})
    await message.answer(QUESTIONS["age"], keyboard=keyboard())


@bot.on.message(state=Form.AGE)
async def process_age(message: Message) -> None:
    await bot.state_dispenser.set(message.peer_id, Form.WORDS, **{**message.state_peer.payload, "age": message.text})
    await message.answer(QUESTIONS["words"], keyboard=keyboard())


@bot.on.message(state=Form.WORDS)
async def process_words(message: Message) -> None:
    await bot.state_dispenser.set(message.peer_id, Form.PLACE, **{**message.state_peer.payload, "words": message.text})
    await message.answer(QUESTIONS["place"], keyboard=keyboard())


@bot.on.message()
async def start(message: Message) -> None:
    await bot.state_dispenser.set(message.peer_id, Form.PLACE)
    await message.answer(QUESTIONS["place"], keyboard=keyboard())


if __name__ == "__main__":
    bot.run_forever()
