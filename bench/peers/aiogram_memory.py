"""aiogram, its form example: states in MemoryStorage, a handler a state, `message.answer`."""

import asyncio

from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message

from bench.peers.form import API_URL, CHOICES, QUESTIONS, TOKEN

router = Router()


class Form(StatesGroup):
    place = State()
    age = State()
    words = State()


def keyboard() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=label, callback_data=data) for label, data in row] for row in CHOICES
        ]
    )


@router.message(Form.place)
async def process_place(message: Message, state: FSMContext) -> None:
    await state.update_data(place=message.text)
    await state.set_state(Form.age)
    await message.answer(QUESTIONS["age"], reply_markup=keyboard())


@router.message(Form.age)
async def process_age(message: Message, state: FSMContext) -> None:
    await state.update_data(age=message.text)
    await state.set_state(Form.words)
    await message.answer(QUESTIONS["words"], reply_markup=keyboard())


@router.message(Form.words)
async def process_words(message: Message, state: FSMContext) -> None:
    await state.update_data(words=message.text)
    await state.set_state(Form.place)
    await message.answer(QUESTIONS["place"], reply_markup=keyboard())


@router.message()
async def start(message: Message, state: FSMContext) -> None:
    await state.set_state(Form.place)
    await message.answer(QUESTIONS["place"], reply_markup=keyboard())


async def main() -> None:
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(API_URL)))
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
