"""An endpoint in a module whose annotations are texts, as many are."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from ..auth import User, get_current_user
from ..middleware.usage_limiter import require_usage_limit

router = APIRouter()


class Plan(BaseModel):
    name: str
    replicas: int = 1


@router.post("/postponed/{region}")
@require_usage_limit("deployments", 1.0)
async def postponed(region: str, plan: Plan, user: User = Depends(get_current_user)) -> dict[str, str]:
    """Deploys a plan."""
    return {"region": region, "plan": plan.name, "user": user.id}
