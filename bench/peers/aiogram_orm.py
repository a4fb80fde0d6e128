"""aiogram with SQLAlchemy's ORM on SQLite (aiosqlite), one transaction an update: known before? load the form, keep it, then answer.

The transaction is a middleware's, as aiogram's documentation advises for sessions; SQLite begins IMMEDIATE, as SQLAlchemy's does.
One connection: more of them wait for SQLite's one writer in sleeps, and are slower.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware, Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message, TelegramObject, Update
from sqlalchemy import JSON, BigInteger, event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bench.peers.form import API_URL, CHOICES, QUESTIONS, TOKEN

router = Router()
NEXT = {"place": "age", "age": "words", "words": "place"}


class Base(DeclarativeBase):
    pass


class Seen(Base):
    __tablename__ = "seen"
    update: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class Talk(Base):
    __tablename__ = "talk"
    chat: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    question: Mapped[str] = mapped_column(default="place")
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Transaction(BaseMiddleware):
    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self.sessions = sessions

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        update: Update = data["event_update"]
        assert isinstance(event, Message)
        async with self.sessions.begin() as session:
            if await session.get(Seen, update.update_id):
                return None
            session.add(Seen(update=update.update_id))
            answer = await handler(event, {**data, "session": session})
        return await event.answer(answer, reply_markup=keyboard())


def keyboard() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=label, callback_data=data) for label, data in row] for row in CHOICES
        ]
    )


@router.message()
async def step(message: Message, session: AsyncSession) -> str:
    talk = await session.get(Talk, message.chat.id)
    if talk is None:
        session.add(Talk(chat=message.chat.id))
        return QUESTIONS["place"]
    talk.answers = {**talk.answers, talk.question: message.text}
    talk.question = NEXT[talk.question]
    return QUESTIONS[talk.question]


async def main() -> None:
    engine = create_async_engine(os.environ["DATABASE_URL"], pool_size=1, max_overflow=0, pool_timeout=60)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(API_URL)))
    dispatcher = Dispatcher()
    router.message.middleware(Transaction(async_sessionmaker(engine, expire_on_commit=False)))
    dispatcher.include_router(router)
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
