"""A small FastAPI app whose endpoints have usage limits.

Start a server and make a key of the role `ingest` (see the README of Meterwire), then:

    pip install "./sdk/python[fastapi]" uvicorn
    export METERWIRE_URL=http://127.0.0.1:8000 METERWIRE_TOKEN=mw_...
    uvicorn --app-dir sdk/python/examples fastapi_app:app --port 8001

    curl -X POST -H 'X-User: u-1' http://127.0.0.1:8001/deploy             # the eleventh answers 429
    curl -X POST -H 'X-User: u-1' 'http://127.0.0.1:8001/train?hours=2'
    curl -H 'X-User: u-1' http://127.0.0.1:8001/usage
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException

from meterwire import AsyncMeterwire
from meterwire.fastapi import configure, require_usage_limit, usage_limit, usage_tracking_service

# Refuse requests with 503 while limits cannot be checked; "fail_open" would let them through.
configure(on_unavailable="fail_closed")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with AsyncMeterwire() as meterwire:
        app.state.meterwire = meterwire
        yield
    await usage_tracking_service.aclose()


app = FastAPI(title="Example of Meterwire", lifespan=lifespan)


@dataclass
class User:
    id: str


async def get_current_user(x_user: Annotated[str, Header()]) -> User:
    """Stands for your own authentication."""
    return User(x_user)


CurrentUser = Annotated[User, Depends(get_current_user)]


@app.post("/deploy")
@require_usage_limit("deployments", 1.0)
async def deploy(user: CurrentUser) -> dict[str, str]:
    """Held before it runs, counted when it succeeds, given back when it fails."""
    return {"message": "deployed"}


@app.post("/train")
async def train(hours: float, user: CurrentUser) -> dict[str, Any]:
    """Holds an estimate, counts the actual. Nobody else can take the estimated hours in the meantime."""
    meterwire: AsyncMeterwire = app.state.meterwire
    async with meterwire.reserve("compute_hours", hours, user=user.id) as hold:
        begun = time.monotonic()
        await asyncio.sleep(0.1)
        actual_hours = round((time.monotonic() - begun) / 3600, 6)
        done = await hold.commit(actual_hours)
    return {"held": hours, "used": done.committed_amount}


@app.post("/chat", dependencies=[Depends(usage_limit("api_calls", user=get_current_user))])
async def chat(user: CurrentUser) -> dict[str, str]:
    """Counted as one call at once; what the model used is recorded in the background."""
    meterwire: AsyncMeterwire = app.state.meterwire
    meterwire.record(
        {
            "user": user.id,
            "model": "gpt-4o",
            "usage": {"input_tokens": 1200, "output_tokens": 300},
            # The call itself was counted above already.
            "metrics": {"api_calls": 0},
        }
    )
    return {"reply": "Hello."}


@app.get("/usage")
async def usage(user: CurrentUser) -> dict[str, Any]:
    """What is left."""
    return await usage_tracking_service.get_usage_status(None, user.id)


@app.post("/upload")
async def upload(size: int, user: CurrentUser) -> dict[str, str]:
    """By hand: check first, count afterwards. Two at once may both pass the check; the decorator has no such gap."""
    check = await usage_tracking_service.check_limit(None, user.id, "storage", size)
    if not check["allowed"]:
        raise HTTPException(429, detail=check["reason"])
    await usage_tracking_service.increment_usage(None, user.id, "storage", size)
    return {"message": "stored"}
