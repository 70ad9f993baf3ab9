"""What the engines have in common: a process of our own, begun, waited for, killed, begun again."""

import ctypes
import os
import random
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

START_SECONDS = 60
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class Missing(Exception):
    """An engine is not installed; the text says what to run."""


def install(what: str) -> Missing:
    return Missing(f"{what} is not installed: run `./scripts/prerequisites.sh test`")


def free_ports(count: int) -> list:
    """Ports of nobody, below those that outgoing connections take: an engine that was killed has to get its port again."""
    held = []
    try:
        while len(held) < count:
            one = socket.socket()
            try:
                one.bind(("127.0.0.1", random.randrange(12_000, 32_000)))
            except OSError:
                one.close()
                continue
            held.append(one)
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


def dies_with_parent():
    """Runs in the child: whatever becomes of us, no engine is left behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Engine:
    """One process. A subclass says how it is made and begun, and how it tells that it answers."""

    name = ""
    # Names of the account that it runs as, where it refuses to run as root.
    account: str | None = None

    def __init__(self, directory: Path):
        self.directory = directory
        self.process = None

    def prepare(self):
        """Makes what it needs, once."""

    def command(self) -> list:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def start(self):
        """Begins it and returns when it answers."""
        log = (self.directory / "output.log").open("ab")
        whose = {"user": self.account, "group": self.account, "extra_groups": []} if self.account else {}
        # A session of its own: Ctrl-C is for the tests, and they want the engines to the end.
        process = self.process = subprocess.Popen(
            self.command(), cwd=self.directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, preexec_fn=dies_with_parent, **whose,
        )
        log.close()
        until = time.monotonic() + START_SECONDS
        while not self.answers():
            if process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise RuntimeError(f"{self.name} did not start:\n{self.last_words()}")
            time.sleep(0.05)

    def last_words(self) -> str:
        logs = [log.read_text(errors="replace")[-2_000:] for log in sorted(self.directory.glob("*.log"))]
        return "\n".join(logs).strip()

    def kill(self):
        """Ends it at once and without a word, with all its children, as a lost machine would."""
        if self.process is None:
            return
        # Stopped first, so that nothing is born while the children are looked for.
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGSTOP)
        children = children_of(self.process.pid)
        for pid in (self.process.pid, *children):
            send(pid, signal.SIGKILL)
        self.process.wait()
        until = time.monotonic() + 5
        while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < until:
            time.sleep(0.01)
        self.process = None

    def pause(self, paused: bool):
        """Stops it as it stands, or lets it go on: the process is there and does not answer."""
        for pid in (self.process.pid, *children_of(self.process.pid)):
            send(pid, signal.SIGSTOP if paused else signal.SIGCONT)


def send(pid: int, number: int):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def children_of(parent: int) -> list:
    """The processes that a process has begun, from /proc."""
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in brackets, may hold anything; state and parent come behind it.
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            children.append(int(stat.parent.name))
    return children


def http_answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def program(name: str, *elsewhere: str) -> str:
    """A program of the path or of one of the other places; raises Missing."""
    found = shutil.which(name) or next((path for path in elsewhere if os.access(path, os.X_OK)), None)
    if not found:
        raise install(name)
    return found
