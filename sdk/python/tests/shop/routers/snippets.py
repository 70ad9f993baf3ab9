"""The quick reference for backend developers, line by line."""

from fastapi import APIRouter, Depends, HTTPException

from ..auth import AsyncSession, User, get_current_user, get_db
from ..middleware.usage_limiter import require_usage_limit
from ..services.usage_tracking import usage_tracking_service

router = APIRouter()


def compute_task() -> float:
    return 2.25


# Option 1: automatic
@router.post("/my-endpoint")
@require_usage_limit("deployments", 1.0)  # Auto-checks and increments
async def my_endpoint(
    user: User = Depends(get_current_user),
    db: AsyncSession = Depends(get_db)
):
    # Your code here
    return {"message": "success"}


# Option 2: manual control
@router.post("/my-manual-endpoint")
async def my_manual_endpoint(
    user: User = Depends(get_current_user),
    db: AsyncSession = Depends(get_db)
):
    # Check limit
    limit_check = await usage_tracking_service.check_limit(
        db, str(user.id), "api_calls", 1.0
    )
    if not limit_check['allowed']:
        raise HTTPException(429, detail=limit_check['reason'])

    # Do work...

    # Increment on success
    await usage_tracking_service.increment_usage(
        db, str(user.id), "api_calls", 1.0
    )


# Bulk operations
@router.post("/my-bulk-endpoint")
@require_usage_limit("api_calls", 10.0)  # Check 10 calls at once
async def my_bulk_endpoint(
    user: User = Depends(get_current_user),
    db: AsyncSession = Depends(get_db)
):
    return {"message": "success"}


# Variable usage (compute)
@router.post("/my-compute-endpoint")
async def my_compute_endpoint(
    estimated_hours: float,
    user: User = Depends(get_current_user),
    db: AsyncSession = Depends(get_db)
):
    # Check first
    limit_check = await usage_tracking_service.check_limit(
        db, str(user.id), "compute_hours", estimated_hours
    )
    if not limit_check['allowed']:
        raise HTTPException(429, detail=limit_check['reason'])

    # Do work...
    actual_hours = compute_task()

    # Increment with actual
    await usage_tracking_service.increment_usage(
        db, str(user.id), "compute_hours", actual_hours
    )
