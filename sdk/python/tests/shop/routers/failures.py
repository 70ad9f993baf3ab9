"""Endpoints that fail in every way there is, and those whose user is found in other ways."""

import asyncio
import time
from typing import Any

from fastapi import APIRouter, Depends, Header, HTTPException, Response
from fastapi.responses import JSONResponse

from meterwire.fastapi import require_usage_limit, usage_limit, usage_tracking_service

from ..auth import User, get_current_user

router = APIRouter()
deployment = require_usage_limit("deployments", 1.0)


@router.post("/refuses")
@deployment
async def refuses(user: User = Depends(get_current_user)) -> None:
    raise HTTPException(400, detail="no")


@router.post("/raises")
@deployment
async def raises(user: User = Depends(get_current_user)) -> None:
    raise RuntimeError("out of paper")


@router.post("/answers/{status}")
@deployment
async def answers(status: int, user: User = Depends(get_current_user)) -> Response:
    return JSONResponse({"status": status}, status_code=status)


@router.post("/sets/{status}")
@deployment
async def sets(status: int, response: Response, user: User = Depends(get_current_user)) -> dict[str, int]:
    response.status_code = status
    return {"status": status}


@router.post("/slow")
@deployment
async def slow(user: User = Depends(get_current_user)) -> None:
    await asyncio.sleep(0.05)


@router.post("/endless")
@deployment
async def endless(user: User = Depends(get_current_user)) -> None:
    await asyncio.sleep(3600)


@router.post("/blocking")
@deployment
def blocking(fail: bool = False, seconds: float = 0.05, user: User = Depends(get_current_user)) -> None:
    time.sleep(seconds)
    if fail:
        raise HTTPException(400, detail="no")


@router.post("/current-user")
@deployment
async def by_current_user(current_user: User = Depends(get_current_user)) -> None: ...


async def get_account(x_user: str = Header()) -> dict[str, str]:
    return {"key": "account-" + x_user}


@router.post("/account")
@require_usage_limit("deployments", 1.0, user_param="account", user_id=lambda account: account["key"])
async def by_account(account: dict[str, str] = Depends(get_account)) -> None: ...


@router.post("/counted", dependencies=[Depends(usage_limit("api_calls", user=get_current_user))])
async def counted(fail: bool = False) -> None:
    if fail:
        raise HTTPException(400, detail="no")


@router.post("/counted-by-state", dependencies=[Depends(usage_limit("api_calls", 2))])
async def counted_by_state() -> None: ...


@router.get("/status")
async def status(user: User = Depends(get_current_user)) -> dict[str, Any]:
    return await usage_tracking_service.get_usage_status(None, user.id)


@router.get("/tier")
async def tier(user: User = Depends(get_current_user)) -> str:
    return await usage_tracking_service.get_user_tier(None, user.id)
