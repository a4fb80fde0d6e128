"""The floor: bare aiohttp and orjson that do the same traffic without thinking or keeping anything."""

import asyncio

import aiohttp
import orjson

from bench.peers.form import API_URL, CHOICES, QUESTIONS, TOKEN

KEYBOARD = {"inline_keyboard": [[{"text": label, "callback_data": data} for label, data in row] for row in CHOICES]}
JSON = {"Content-Type": "application/json"}


async def main() -> None:
    url, offset = f"{API_URL}/bot{TOKEN}/", 0
    tasks: set[asyncio.Task[None]] = set()
    async with aiohttp.ClientSession() as session:

        async def call(method: str, **params: object) -> object:
            async with session.post(url + method, data=orjson.dumps(params), headers=JSON) as answer:
                return orjson.loads(await answer.read())["result"]

        while True:
            for update in await call("getUpdates", offset=offset, timeout=50):  # type: ignore[attr-defined]
                offset = update["update_id"] + 1
                chat = update["message"]["chat"]["id"]
                sending = call("sendMessage", chat_id=chat, text=QUESTIONS["age"], reply_markup=KEYBOARD)
                task = asyncio.create_task(sending)
                tasks.add(task)
                task.add_done_callback(tasks.discard)


if __name__ == "__main__":
    asyncio.run(main())
