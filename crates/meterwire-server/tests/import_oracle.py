"""Adds up a CSV file of requests on its own: calls, tokens and dollars by a column, with Decimal.

Usage: import_oracle.py FILE GROUP_COLUMN INPUT_COLUMN OUTPUT_COLUMN USD_PER_MILLION_INPUT USD_PER_MILLION_OUTPUT
"""

import csv
import json
import sys
from decimal import Decimal


def main() -> None:
    path, group, input_column, output_column, input_price, output_price = sys.argv[1:]
    groups: dict[str, dict] = {}
    with open(path, newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            sums = groups.setdefault(row[group], {"calls": 0, "input_tokens": 0, "output_tokens": 0})
            sums["calls"] += 1
            sums["input_tokens"] += int(row[input_column])
            sums["output_tokens"] += int(row[output_column])
    for sums in groups.values():
        cost = sums["input_tokens"] * Decimal(input_price) + sums["output_tokens"] * Decimal(output_price)
        sums["cost_usd"] = format((cost / 1_000_000).normalize(), "f")
    json.dump(groups, sys.stdout)


if __name__ == "__main__":
    main()
