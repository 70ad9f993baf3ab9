"""The app. Requests to /endless are given up after a while, as a time limit in front of an app does."""

import asyncio
from typing import Any

from fastapi import FastAPI
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from .auth import User
from .routers import failures, postponed, snippets

TIME_LIMIT_S = 0.5


class TimeLimit:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") != "/endless":
            await self._app(scope, receive, send)
            return
        try:
            await asyncio.wait_for(self._app(scope, receive, send), TIME_LIMIT_S)
        except asyncio.TimeoutError:
            await JSONResponse({"detail": "took too long"}, status_code=504)(scope, receive, send)


class KnowsUser:
    """Puts the user into the request's state, as an authentication middleware does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers: dict[bytes, bytes] = dict(scope["headers"])
            state: dict[str, Any] = scope.setdefault("state", {})
            if b"x-state-user" in headers:
                state["user"] = User(headers[b"x-state-user"].decode())
        await self._app(scope, receive, send)


app = FastAPI()
app.add_middleware(TimeLimit)
app.add_middleware(KnowsUser)
for module in (snippets, failures, postponed):
    app.include_router(module.router)
