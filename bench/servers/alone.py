"""The least a bot can do: raw sockets, one message for each update, nothing parsed. What the server does with it is the server's limit."""

import asyncio
import os
import re
import sys
from collections import deque
from urllib.parse import urlsplit

CONNECTIONS = 32
WHO = {"telegram": re.compile(rb'"chat":\{"id":(\d+)'), "vk": re.compile(rb'"peer_id":(\d+)')}
NEWEST = {"telegram": re.compile(rb'"update_id":(\d+)'), "vk": re.compile(rb'"ts":"(\d+)"')}
POLL = {
    "telegram": b"/bot1:b/getUpdates?timeout=50&offset=%d",
    "vk": b"/longpoll?act=a_check&key=key&wait=25&ts=%d",
}
SIX = {
    "telegram": b'"reply_markup":{"inline_keyboard":[%b]}'
    % b",".join(b'[{"text":"A button %d","callback_data":"%d"}]' % (number, number) for number in range(6)),
    "vk": rb'"keyboard":"{\"inline\":true,\"buttons\":[%b]}"'
    % b",".join(rb"[{\"action\":{\"label\":\"A button %d\",\"payload\":\"\"}}]" % number for number in range(6)),
}
SEND = {
    "telegram": (b"/bot1:b/sendMessage", b'{"chat_id":%b,"text":"The next question",' + SIX["telegram"] + b"}"),
    "vk": (b"/method/messages.send", b'{"peer_id":%b,"message":"The next question",' + SIX["vk"] + b"}"),
}


class Client(asyncio.Protocol):
    """Says one thing at a time; each answer is followed by whatever waits."""

    def __init__(self, waiting: "deque[bytes]", idle: "list[Client]") -> None:
        self.waiting, self.idle = waiting, idle

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.next()

    def data_received(self, data: bytes) -> None:
        self.next()  # an answer comes whole: it is small

    def next(self) -> None:
        if self.waiting:
            self.transport.write(self.waiting.popleft())
        else:
            self.idle.append(self)


async def run(messenger: str) -> None:
    address = urlsplit(os.environ["API_URL"])
    host, port = str(address.hostname), int(address.port or 80)
    loop, waiting, idle = asyncio.get_running_loop(), deque[bytes](), list[Client]()
    for _number in range(CONNECTIONS):
        await loop.create_connection(lambda: Client(waiting, idle), host, port)
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 24)
    path, body = SEND[messenger]
    seen = 0
    while True:
        asked = seen + 1 if messenger == "telegram" and seen else seen
        writer.write(b"GET " + POLL[messenger] % asked + b" HTTP/1.1\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        found = await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split()[0]))
        seen = max(map(int, NEWEST[messenger].findall(found)), default=seen)
        for who in WHO[messenger].findall(found):
            said = body % who
            waiting.append(b"POST %b HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (path, len(said), said))
        while waiting and idle:
            idle.pop().next()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
