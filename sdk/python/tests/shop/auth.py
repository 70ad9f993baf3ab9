"""Who asks, and a session that nothing is kept in."""

from dataclasses import dataclass
from typing import Optional

from fastapi import Header, HTTPException


@dataclass
class User:
    id: str


class AsyncSession:
    """Stands where an app passes its database session; the SDK takes it and leaves it alone."""


async def get_current_user(x_user: Optional[str] = Header(None)) -> User:
    if x_user is None:
        raise HTTPException(401, detail="who are you?")
    return User(x_user)


async def get_db() -> AsyncSession:
    return AsyncSession()
