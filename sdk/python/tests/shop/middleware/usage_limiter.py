from meterwire.fastapi import require_usage_limit

__all__ = ["require_usage_limit"]
