#!/usr/bin/env python3
"""Runs every check and every test of every language, and ends with one line: N passed, N failed.

A step that cannot be started, or that fails without having counted a failed test, counts as one failure.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
# The last line of our own web and browser runs.
TALLY = (r"^(\d+) passed, \d+ failed$", r"^\d+ passed, (\d+) failed$")
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Step:
    """One command, and how its output tells passed and failed tests (none: the command itself is the test)."""

    name: str
    command: list
    passed: str = ""
    failed: str = ""
    # Preparation is no test: it counts only when it fails.
    prepares: bool = False


# What the cluster store is tested on: begun before a command, ended behind it.
WITH_ENGINES = ["python3", "e2e/engines/run.py", "--"]


def cargo_tests() -> Step:
    if shutil.which("cargo-nextest"):
        command = [*WITH_ENGINES, "cargo", "nextest", "run", "--workspace", "--all-features", "--no-fail-fast", "--locked"]
        return Step("Rust tests", command, r"tests? run: (\d+) passed", r"Summary .*?(\d+) failed")
    command = [*WITH_ENGINES, "cargo", "test", "--workspace", "--all-features", "--no-fail-fast", "--locked"]
    return Step("Rust tests", command, r"test result: .*?(\d+) passed", r"test result: .*?(\d+) failed")


def http_on_cluster() -> Step:
    """The tests of the HTTP contract once more, their servers on PostgreSQL and ClickHouse."""
    begin = ["env", "METERWIRE_TEST_STORE=cluster", *WITH_ENGINES, "cargo"]
    if shutil.which("cargo-nextest"):
        # The workspace's features, or everything would be built anew.
        only = ["-E", "package(meterwire-server) and binary(http)"]
        command = [*begin, "nextest", "run", "--workspace", "--all-features", "--no-fail-fast", "--locked", *only]
        return Step("HTTP tests on a cluster", command, r"tests? run: (\d+) passed", r"Summary .*?(\d+) failed")
    command = [*begin, "test", "--workspace", "--all-features", "--no-fail-fast", "--locked", "--test", "http"]
    return Step("HTTP tests on a cluster", command, r"test result: .*?(\d+) passed", r"test result: .*?(\d+) failed")


def steps() -> list:
    python = str(VENV / "bin" / "python")
    npm = ["npm", "--prefix", "web"]
    return [
        Step("node modules", [*npm, "ci"], prepares=True),
        Step("browser test modules", ["npm", "--prefix", "e2e/web", "ci"], prepares=True),
        Step("Python environment", ["python3", "-m", "venv", str(VENV)], prepares=True),
        Step("Python packages", [python, "-m", "pip", "install", "-q", "-r", "e2e/clients/requirements.txt"], prepares=True),
        Step("Python SDK packages", [python, "-m", "pip", "install", "-q", "-r", "sdk/python/requirements-test.txt", "-e", "sdk/python[fastapi]"], prepares=True),
        Step("the page", ["make", "page"], prepares=True),
        Step("the stories of its components", [*npm, "run", "build:stories"], prepares=True),
        Step("Rust format", ["cargo", "fmt", "--all", "--check"]),
        Step("Rust lint", ["cargo", "clippy", "--workspace", "--all-targets", "--all-features", "--locked", "--", "-D", "warnings"]),
        Step("web types, lint and format", [*npm, "run", "check"]),
        Step("web packages as others get them", [*npm, "run", "check:package"]),
        # Builds target/debug/meterwire too, which the clients and the browser then talk to.
        cargo_tests(),
        http_on_cluster(),
        Step("web tests", [*npm, "test"], *TALLY),
        Step("the example app", ["node", "examples/nextjs/test/example.mjs"], *TALLY),
        Step("clients of other people", [python, "-m", "pytest", "-q", "e2e/clients"], r"(\d+) passed", r"(\d+) (?:failed|errors?)\b"),
        Step("Python SDK format", [python, "-m", "ruff", "format", "--check", "sdk/python"]),
        Step("Python SDK lint", [python, "-m", "ruff", "check", "sdk/python"]),
        Step("Python SDK types", [python, "-m", "mypy", "--config-file", "sdk/python/pyproject.toml"]),
        Step("Python SDK tests", [python, "-m", "pytest", "-q", "sdk/python"], r"(\d+) passed", r"(\d+) (?:failed|errors?)\b"),
        Step("browser tests", ["npm", "--prefix", "e2e/web", "test"], *TALLY),
    ]


def run(step: Step) -> tuple:
    """Runs one step, showing its output; returns how many tests passed and failed."""
    print(f"\n=== {step.name}: {' '.join(map(str, step.command))}", flush=True)
    begun = time.monotonic()
    lines = []
    environment = {**os.environ, "CI": os.environ.get("CI", ""), "METERWIRE_BIN": str(ROOT / "target/debug/meterwire")}
    try:
        process = subprocess.Popen(
            step.command, cwd=ROOT, env=environment, text=True, errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )
    except OSError as error:
        print(f"could not be started: {error}")
        return 0, 1
    for line in process.stdout:
        sys.stdout.write(line)
        lines.append(ANSI.sub("", line))
    status = process.wait()
    sys.stdout.flush()
    print(f"--- {step.name}: {'ok' if status == 0 else f'FAILED ({status})'} in {time.monotonic() - begun:.0f} s", flush=True)
    if not step.passed:
        return (0 if step.prepares else int(status == 0)), int(status != 0)
    text = "".join(lines)
    passed = sum(map(int, re.findall(step.passed, text, re.MULTILINE)))
    failed = sum(map(int, re.findall(step.failed, text, re.MULTILINE)))
    if status == 0 and passed == 0:
        print(f"--- {step.name}: no test was counted, which counts as a failure")
        return 0, max(failed, 1)
    return passed, max(failed, int(status != 0))


def main() -> int:
    passed = failed = 0
    broken = []
    for step in steps():
        counted = run(step)
        passed, failed = passed + counted[0], failed + counted[1]
        if counted[1]:
            broken.append(step.name)
            if step.prepares:
                # What follows would only fail for the same reason.
                break
    print()
    for name in broken:
        print(f"failed: {name}")
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
