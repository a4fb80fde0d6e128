"""The floor: bare aiohttp and orjson that do the same traffic without thinking or keeping anything; one call a message, as the peers."""

import asyncio

import aiohttp
import orjson

from bench.peers.form import API_URL, CHOICES, QUESTIONS, TOKEN

KEYBOARD = orjson.dumps(
    {
        "inline": True,
        "buttons": [
            [{"action": {"type": "callback", "label": label, "payload": f'{{"d":"{data}"}}'}} for label, data in row]
            for row in CHOICES
        ],
    }
).decode()
BASE = {"access_token": TOKEN, "v": "5.199"}


async def main() -> None:
    tasks: set[asyncio.Task[object]] = set()
    async with aiohttp.ClientSession() as session:

        async def post(url: str, **params: object) -> dict[str, object]:
            async with session.post(url, data={name: str(value) for name, value in params.items()}) as answer:
                return orjson.loads(await answer.read())

        poll: dict[str, object] = (await post(f"{API_URL}/method/groups.getLongPollServer", group_id=1, **BASE))[
            "response"
        ]
        ts = poll["ts"]
        while True:
            found = await post(poll["server"], act="a_check", key=poll["key"], ts=ts, wait=25)
            ts = found["ts"]
            for event in found["updates"]:
                peer = event["object"]["message"]["peer_id"]
                sending = post(
                    f"{API_URL}/method/messages.send",
                    peer_ids=peer,
                    random_id=0,
                    message=QUESTIONS["age"],
                    keyboard=KEYBOARD,
                    **BASE,
                )
                task = asyncio.create_task(sending)
                tasks.add(task)
                task.add_done_callback(tasks.discard)


if __name__ == "__main__":
    asyncio.run(main())
