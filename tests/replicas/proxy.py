"""A tiny proxy, as it stands before replicas: each request goes to the next one, past those that nobody answers for."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle

import aiohttp
from aiohttp import web

DROPPED = {"host", "content-length", "transfer-encoding", "connection"}


@asynccontextmanager
async def proxy(port: int, upstream: Sequence[int]) -> AsyncIterator[None]:
    """Listens on `port` of this machine and hands on to the ports of `upstream` in turn.

    What was cut while a replica had it is answered with 502: whoever asked does not know what came of it, and asks again.
    """
    turn = cycle(upstream)

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:

        async def hand_on(request: web.BaseRequest) -> web.Response:
            body = await request.read()
            headers = {name: value for name, value in request.headers.items() if name.lower() not in DROPPED}
            for _ in upstream:
                url = f"http://127.0.0.1:{next(turn)}{request.path_qs}"
                try:
                    async with session.request(request.method, url, data=body, headers=headers) as answer:
                        kind = {"Content-Type": answer.headers.get("Content-Type", "text/plain")}
                        return web.Response(status=answer.status, body=await answer.read(), headers=kind)
                except aiohttp.ClientConnectorError:
                    continue
                except (aiohttp.ClientError, TimeoutError):
                    break
            return web.Response(status=502)

        runner = web.ServerRunner(web.Server(hand_on, access_log=None), shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
        try:
            yield
        finally:
            await runner.cleanup()
