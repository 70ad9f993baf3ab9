from meterwire.fastapi import usage_tracking_service

__all__ = ["usage_tracking_service"]
