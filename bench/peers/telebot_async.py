"""pyTelegramBotAPI, asynchronous: its custom-states example with StateMemoryStorage."""

import asyncio

from telebot import asyncio_filters, asyncio_helper
from telebot.async_telebot import AsyncTeleBot
from telebot.asyncio_storage import StateMemoryStorage
from telebot.states import State, StatesGroup
from telebot.states.asyncio import StateContext, StateMiddleware
from telebot.types import InlineKeyboardButton, InlineKeyboardMarkup, Message

from bench.peers.form import API_URL, CHOICES, QUESTIONS, TOKEN

asyncio_helper.API_URL = API_URL + "/bot{0}/{1}"
bot = AsyncTeleBot(TOKEN, state_storage=StateMemoryStorage())


class Form(StatesGroup):
    place = State()
    age = State()
    words = State()


def keyboard() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in CHOICES]
    )


@bot.message_handler(state=Form.place)
async def process_place(message: Message, state: StateContext) -> None:
    await state.set(Form.age)
    await state.add_data(place=message.text)
    await bot.send_message(message.chat.id, QUESTIONS["age"], reply_markup=keyboard())


@bot.message_handler(state=Form.age)
async def process_age(message: Message, state: StateContext) -> None:
    await state.set(Form.words)
    await state.add_data(age=message.text)
    await bot.send_message(message.chat.id, QUESTIONS["words"], reply_markup=keyboard())


@bot.message_handler(state=Form.words)
async def process_words(message: Message, state: StateContext) -> None:
    await state.set(Form.place)
    await state.add_data(words=message.text)
    await bot.send_message(message.chat.id, QUESTIONS["place"], reply_markup=keyboard())


@bot.message_handler()
async def start(message: Message, state: StateContext) -> None:
    await state.set(Form.place)
    await bot.send_message(message.chat.id, QUESTIONS["place"], reply_markup=keyboard())


bot.add_custom_filter(asyncio_filters.StateFilter(bot))
bot.setup_middleware(StateMiddleware(bot))

if __name__ == "__main__":
    asyncio.run(bot.polling())
