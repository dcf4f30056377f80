"""This module runs a service that answers over HTTP, and ends it when a part of its other work fails.

A server whose reading has died would answer on, and say that it is well.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI

from hub.errors import IsthmusError
from hub.logs import get_logger
from hub.service import FAILED
from hub.settings import HttpSettings

STOP_S = 15  # for requests under way; whoever stops us kills after twenty


def serve(api: FastAPI, settings: HttpSettings) -> None:
    """Answer until a signal; exit with status 1 where the service did not start, or a part of its work failed."""
    server = uvicorn.Server(
        uvicorn.Config(
            api,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=STOP_S,
        )
    )
    api.state.server = server
    server.run()
    if not server.started or has_failed(api):
        sys.exit(FAILED)


def has_failed(api: FastAPI) -> bool:
    """Tell whether a part of the work beside the answering has failed."""
    return getattr(api.state, "failed", False)


@asynccontextmanager
async def beside(api: FastAPI, *work: Coroutine[Any, Any, object]) -> AsyncIterator[None]:
    """Do `work` while the service answers; where a part of it fails, the service ends, for it is to begin anew."""

    def look(task: "asyncio.Task[object]") -> None:
        error = None if task.cancelled() else task.exception()
        if error is None:
            return
        why = str(error) if isinstance(error, IsthmusError) else None  # others may carry anything in their text
        get_logger().error("service failed", why=why, exc_info=error)
        api.state.failed = True
        server: uvicorn.Server | None = getattr(api.state, "server", None)
        if server is not None:
            server.should_exit = True

    tasks = [asyncio.create_task(part) for part in work]
    for task in tasks:
        task.add_done_callback(look)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
