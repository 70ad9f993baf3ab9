"""R1's figures reckoned by hand: plain Decimal over the events as they were sent, knowing nothing of the server.

The prices stand here as the providers list them, in US dollars per million tokens. `month` makes a month of events from a
trace of requests (or from made-up ones), the other functions say what the six routes have to answer about them.
"""

import csv
import hashlib
import math
import random
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

# Input, input read from the cache, output.
PRICES = {
    "gpt-4o": ("2.50", "1.25", "10.00"),
    "gpt-4o-mini": ("0.15", "0.075", "0.60"),
    "claude-sonnet-4-5": ("3.00", "0.30", "15.00"),
    "claude-haiku-4-5": ("1.00", "0.10", "5.00"),
}
PROVIDER = {"gpt-4o": "openai", "gpt-4o-mini": "openai", "claude-sonnet-4-5": "anthropic", "claude-haiku-4-5": "anthropic"}
NANO = Decimal("0.000000001")
CENT_OF_A_PERCENT = Decimal("0.01")
DAY_MS = 86_400_000
# Clients whose work is given to gpt-4o and to gpt-4o-mini; of the others the odd ones go to Sonnet, the even ones to Haiku.
LARGE, SMALL = {47, 30, 26, 38}, {54, 12, 41, 53}


def rounded(value: Decimal, to: Decimal = NANO) -> Decimal:
    return value.quantize(to, rounding=ROUND_HALF_EVEN)


def cost_as(model: str, event: dict) -> Decimal:
    """What an event's tokens cost with a model: rounded once."""
    fresh, cached, output = map(Decimal, PRICES[model])
    usage = event["usage"]
    from_cache = usage.get("cached_input_tokens", 0)
    dollars = (usage["input_tokens"] - from_cache) * fresh + from_cache * cached + usage["output_tokens"] * output
    return rounded(dollars / 1_000_000)


def cost(event: dict) -> Decimal:
    return cost_as(event["model"], event)


def tokens(event: dict) -> int:
    return event["usage"]["input_tokens"] + event["usage"]["output_tokens"]


def trace(folder: Path):
    """Rows of (seconds, client, input, output, reasoning) in an hour: of the trace where it is, else made up, seeded."""
    file = folder / "servegen_r1_1h_seed7.csv"
    if file.is_file():
        rows = csv.DictReader(file.open())
        share = lambda row: math.floor(int(row["output_tokens"]) * float(row["reason_ratio"]))  # noqa: E731
        return file, [
            (float(r["t_seconds"]), int(r["client_id"]), int(r["input_tokens"]), int(r["output_tokens"]), share(r)) for r in rows
        ]
    dice = random.Random(7)
    rows = []
    for _ in range(12_000):
        output = min(9_000, max(60, int(dice.lognormvariate(6.4, 0.6))))
        client = dice.choice([54, 54, 54, 12, 47, 30, 11, 26, 38, 71, 18, 15, 19])
        rows.append((dice.uniform(0, 3_600), client, min(20_000, max(20, int(dice.lognormvariate(6, 1.2)))), output, output // 2))
    return None, sorted(rows)


def model_of(client: int) -> str:
    if client in LARGE:
        return "gpt-4o"
    if client in SMALL:
        return "gpt-4o-mini"
    return "claude-sonnet-4-5" if client % 2 else "claude-haiku-4-5"


def month(rows, from_ms: int, to_ms: int) -> list:
    """The requests of an hour, drawn out over a span of time, as events."""
    events = []
    for number, (seconds, client, input_tokens, output_tokens, reasoning) in enumerate(rows):
        model = model_of(client)
        usage = {"input_tokens": input_tokens, "output_tokens": output_tokens, "reasoning_tokens": reasoning}
        if input_tokens >= 1_024:
            usage["cached_input_tokens"] = input_tokens * 2 // 5
        events.append({
            "id": f"r-{number}",
            "source": "trace",
            "time": instant(from_ms + int(seconds / 3_600 * (to_ms - from_ms - 1))),
            "project": ["chat", "search", "batch"][client % 3],
            "user": f"client-{client}",
            "api_key": f"key-{client}",
            "provider": PROVIDER[model],
            "model": model,
            "status": 200,
            "request_hash": hashlib.sha256(f"request {number}".encode()).hexdigest(),
            "usage": usage,
        })
    return events


def instant(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms // 1000, ZoneInfo('UTC')):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"


def millis(text: str) -> int:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def within(events: list, reply: dict, project: str | None = None) -> list:
    """The events of the range that a reply names."""
    from_ms, to_ms = millis(reply["from"]), millis(reply["to"])
    return [e for e in events if from_ms <= millis(e["time"]) < to_ms and project in (None, e["project"])]


def sums(events: list) -> dict:
    return {"cost": sum(map(cost, events), Decimal(0)), "tokens": sum(map(tokens, events)), "requests": len(events)}


def by_label(events: list, tz: str, pattern: str) -> dict:
    groups = defaultdict(list)
    for event in events:
        groups[datetime.fromtimestamp(millis(event["time"]) / 1000, ZoneInfo(tz)).strftime(pattern)].append(event)
    return {label: sums(group) for label, group in groups.items()}


def month_of(now_ms: int, tz: str) -> tuple:
    """First instant of the calendar month in a zone, and the first after it."""
    now = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(tz))
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    after = (first + timedelta(days=32)).replace(day=1)
    return tuple(int(moment.timestamp()) * 1000 for moment in (first, after))


def models(events: list) -> list:
    """The rows of ModelCost, dearest first."""
    groups = defaultdict(list)
    for event in events:
        groups[event["model"]].append(event)
    total = sums(events)["cost"]
    rows = []
    for model, group in groups.items():
        row = {"model": model, "provider": PROVIDER[model], "errors": 0, "unpriced_requests": 0, **sums(group)}
        row["input_tokens"] = sum(e["usage"]["input_tokens"] for e in group)
        row["output_tokens"] = sum(e["usage"]["output_tokens"] for e in group)
        row["percentage"] = rounded(row["cost"] * 100 / total, CENT_OF_A_PERCENT)
        row["cost_per_1k_tokens"] = rounded(row["cost"] * 1_000 / row["tokens"])
        rows.append(row)
    for row in rows:
        # No event of these names its operation.
        row["operation"] = "chat" if row["output_tokens"] > 0 else "embeddings"
    for row in rows:
        cheapest = min(other["cost_per_1k_tokens"] for other in rows if other["operation"] == row["operation"])
        row["efficiency_score"] = rounded(100 * cheapest / row["cost_per_1k_tokens"], CENT_OF_A_PERCENT)
    return sorted(rows, key=lambda row: (-row["cost"], row["model"]))


def budget(events: list, amount: Decimal, tz: str, reply: dict) -> dict:
    """The fields of BudgetStatus at the instant that the reply names."""
    from_ms, to_ms, now_ms = (millis(reply[name]) for name in ("from", "to", "as_of"))
    spent = sums(events)["cost"]
    zone = ZoneInfo(tz)
    first, today, after = (datetime.fromtimestamp(ms / 1000, zone).date() for ms in (from_ms, now_ms, to_ms))
    days = (after - first).days
    projected = rounded(spent * (to_ms - from_ms) / (now_ms - from_ms))
    used = rounded(spent * 100 / amount, CENT_OF_A_PERCENT)
    level = "critical" if spent >= amount * Decimal("0.95") else "warning" if spent >= amount * Decimal("0.8") or projected > amount else "normal"
    return {
        "monthly_budget": amount,
        "current_spend": spent,
        "budget_used_percentage": used,
        "projected_monthly_spend": projected,
        "days_remaining": (after - today).days - 1,
        "daily_average": rounded(spent * (to_ms - from_ms) / ((now_ms - from_ms) * days)),
        "is_over_budget": spent > amount,
        "budget_alert_level": level,
    }


def repetitions(events: list) -> list:
    """Calls that a cache of answers would have answered, had it kept each for 24 hours."""
    kept, found = {}, []
    for event in sorted(events, key=lambda e: millis(e["time"])):
        key, at_ms = (event["request_hash"], event["model"]), millis(event["time"])
        if key in kept and at_ms - kept[key] < DAY_MS:
            found.append(event)
        else:
            kept[key] = at_ms
    return found


def short_calls(events: list, model: str) -> list:
    """Calls of a model with few tokens that are no repetitions."""
    repeated = {event["id"] for event in repetitions(events)}
    is_short = lambda usage: usage["input_tokens"] <= 500 and usage["output_tokens"] <= 200  # noqa: E731
    return [e for e in events if e["model"] == model and is_short(e["usage"]) and e["id"] not in repeated]
