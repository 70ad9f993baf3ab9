#!/usr/bin/env python3
"""Starts the engines of the cluster store for tests, on free ports, with their data in a temporary directory.

    run.py -- cargo nextest run ..   runs a command with the engines and stops them behind it
    run.py --hold                    starts them for work by hand, and stops them at Ctrl-C
    run.py --control                 for tests that kill engines: obeys lines on standard input, stops at its end

A command finds them in METERWIRE_TEST_POSTGRES (a URL), METERWIRE_TEST_CLICKHOUSE (URLs of the shards, with commas) and
METERWIRE_TEST_CHDB (URLs). While `--hold` runs, tests find them by target/engines.env, so that nothing has to be
exported. `--only postgres,clickhouse` starts some of them, `--shards 1` another number of shards than two, `--durable` a
PostgreSQL that syncs, for measurements. What is not installed is left out with a sentence: the tests
that need it fail, the others run.

Lines for `--control`: `kill NAME`, `start NAME`, `pause NAME`, `resume NAME`; names are postgres, clickhouse-1,
clickhouse-2, chdb-1, chdb-2. Each is answered by `ok`, or `error: ..`; `pid NAME` by the number of its process.
"""

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from clickhouse import Chdb, ClickHouse, python_of_tests
from engine import Engine, Missing, free_ports
from postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("postgres", "clickhouse", "chdb")
SHARDS = 2
# The shim does one statement at a time; two of them keep two cores busy.
SHIMS = 2
# How long a command may take to end behind the signal that we were sent.
GRACE_SECONDS = 20


class Stopped(Exception):
    """We were told to end."""


class Engines:
    """The engines of one run."""

    def __init__(self, kinds: list, shards: int = SHARDS, durable: bool = False):
        self.directory = Path(tempfile.mkdtemp(prefix="meterwire-engines-"))
        # PostgreSQL has another owner and has to pass through; nobody has to look in.
        self.directory.chmod(0o711)
        self.all: dict[str, Engine] = {}
        self.kinds = kinds
        self.shards = shards
        self.durable = durable

    def place(self, name: str) -> Path:
        place = self.directory / name
        place.mkdir(mode=0o700)
        return place

    def made(self, kind: str) -> list:
        """The engines of a kind, ready to be started; raises Missing."""
        made: list[Engine]
        if kind == "postgres":
            made = [Postgres(self.place("postgres"), *free_ports(1), durable=self.durable)]
        elif kind == "clickhouse":
            ports = [free_ports(3) for _ in range(self.shards)]
            shards = [of_one[1] for of_one in ports]
            made = [ClickHouse(self.place(f"clickhouse-{n}"), n, of_one, shards) for n, of_one in enumerate(ports, 1)]
        else:
            python = python_of_tests(ROOT)
            made = [Chdb(self.place(f"chdb-{n}"), n, port, python) for n, port in enumerate(free_ports(SHIMS), 1)]
        for engine in made:
            engine.prepare()
        return made

    def start(self, without_missing: bool):
        """Starts all of them, side by side; what is not installed is left out, or raises Missing."""
        for kind in list(self.kinds):
            try:
                self.all.update({engine.name: engine for engine in self.made(kind)})
            except Missing as missing:
                if not without_missing:
                    raise
                print(f"{missing}; the tests that need it fail", file=sys.stderr, flush=True)
                self.kinds.remove(kind)
        # The threads stay: the kernel ends a child when the thread that made it ends.
        self.threads = ThreadPoolExecutor(max(len(self.all), 1))
        for done in [self.threads.submit(engine.start) for engine in self.all.values()]:
            done.result()

    def environment(self) -> dict:
        def urls(kind: str) -> str:
            return ",".join(engine.url() for name, engine in self.all.items() if name.partition("-")[0] == kind)

        return {f"METERWIRE_TEST_{kind.upper()}": urls(kind) for kind in self.kinds}

    def stop(self):
        for engine in self.all.values():
            engine.kill()
        shutil.rmtree(self.directory, ignore_errors=True)


def with_command(engines: Engines, command: list) -> int:
    """Runs the command and answers its status, also when we are told to end."""
    child = subprocess.Popen(command, env={**os.environ, **engines.environment()})
    try:
        return child.wait()
    except (KeyboardInterrupt, Stopped) as stop:
        # Ctrl-C reaches the command by itself.
        if isinstance(stop, Stopped):
            child.terminate()
        try:
            child.wait(GRACE_SECONDS)
        except (subprocess.TimeoutExpired, KeyboardInterrupt, Stopped):
            child.kill()
            child.wait()
        return 130


def by_hand(engines: Engines) -> int:
    """Says where the engines are, and waits to be stopped."""
    lines = [f"export {name}={shlex.quote(value)}" for name, value in engines.environment().items()]
    told = ROOT / "target" / "engines.env"
    told.parent.mkdir(exist_ok=True)
    told.write_text("".join(f"{name}={value}\n" for name, value in engines.environment().items()))
    print("\n".join(lines), flush=True)
    print("# The engines run until Ctrl-C; data and logs:", engines.directory, file=sys.stderr, flush=True)
    try:
        while True:
            signal.pause()
    except (KeyboardInterrupt, Stopped):
        return 0
    finally:
        told.unlink(missing_ok=True)


def obey(engines: Engines) -> int:
    """Says where the engines are, then does what each line wants, until there is none."""
    for name, value in engines.environment().items():
        print(f"{name}={value}")
    print("ready", flush=True)
    deeds = {
        "kill": lambda engine: engine.kill(),
        "start": lambda engine: engines.threads.submit(engine.start).result(),
        "pause": lambda engine: engine.pause(True),
        "resume": lambda engine: engine.pause(False),
    }
    for line in sys.stdin:
        deed, _, name = line.strip().partition(" ")
        if deed == "pid" and name in engines.all:
            print(engines.all[name].process.pid, flush=True)
            continue
        if deed not in deeds or name not in engines.all:
            print(f"error: {line.strip()!r} is not one of {', '.join(deeds)} with one of {', '.join(engines.all)}", flush=True)
            continue
        try:
            deeds[deed](engines.all[name])
            print("ok", flush=True)
        except RuntimeError as error:
            print(f"error: {' '.join(str(error).split())}", flush=True)
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(KINDS), help="which engines, with commas: " + ", ".join(KINDS))
    parser.add_argument("--hold", action="store_true", help="start them for work by hand")
    parser.add_argument("--control", action="store_true", help="obey lines on standard input")
    parser.add_argument("--shards", type=int, default=SHARDS, help="how many shards of ClickHouse")
    parser.add_argument("--durable", action="store_true", help="PostgreSQL syncs each commit to the disk")
    parser.add_argument("command", nargs="*", help="what is to run with them, behind --")
    asked = parser.parse_args()
    asked.only = asked.only.split(",")
    if unknown := set(asked.only) - set(KINDS):
        parser.error(f"no such engine: {', '.join(sorted(unknown))}")
    if asked.hold + asked.control + bool(asked.command) != 1:
        parser.error("one of --hold, --control and a command")
    return asked


def main() -> int:
    asked = arguments()

    def stop(*_):
        raise Stopped

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    engines = Engines(asked.only, asked.shards, asked.durable)
    try:
        engines.start(without_missing=not asked.control)
        if asked.hold:
            return by_hand(engines)
        return obey(engines) if asked.control else with_command(engines, asked.command)
    except (Missing, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, Stopped):
        return 130
    finally:
        engines.stop()


if __name__ == "__main__":
    sys.exit(main())
