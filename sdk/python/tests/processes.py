"""The processes of the tests: the real server, a FastAPI app under uvicorn, and a relay that loses answers."""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import httpx

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parents[2]
ADMIN = "admin-token-for-the-python-sdk-tests"


def free_port() -> int:
    """A port that nobody listens on now, below those that outgoing connections take: it stays free while it is."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


class Process:
    """A program that says where it listens, and whose output is then kept flowing."""

    def __init__(self, command: list[str], says: str, **options: Any) -> None:
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
        assert self._process.stdout is not None
        self._output = self._process.stdout
        seen = []
        for line in self._output:
            seen.append(line)
            found = re.search(says, line)
            if found:
                break
        else:
            raise AssertionError(f"it ended before it said {says!r}:\n" + "".join(seen))
        self.said = found.group(1)
        self._reader = threading.Thread(target=self._output.read, daemon=True)
        self._reader.start()

    def end(self, how: signal.Signals) -> int:
        """Sends a signal and waits; the exit status."""
        self._process.send_signal(how)
        status = self._process.wait(timeout=30)
        self._reader.join(timeout=30)
        self._output.close()
        return status


class Server:
    """The real server over a directory of its own. It can be killed and come back where it was."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: Optional[Process] = None
        # Kept when it is killed and comes back.
        self._listen = f"127.0.0.1:{free_port()}"
        self.url = ""
        self.start()

    def start(self) -> None:
        binary = os.environ.get("METERWIRE_BIN", str(ROOT / "target/debug/meterwire"))
        environment = {**os.environ, "METERWIRE_ADMIN_TOKEN": ADMIN}
        command = [binary, "serve", "--data-dir", str(self._folder / "data"), "--listen", self._listen]
        self._process = Process(command, r"page\s+(http://\S+?)/", env=environment, cwd=self._folder)
        self.url = self._process.said

    def kill(self) -> None:
        """Ends it as a lost machine would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        assert self._end(signal.SIGTERM) in (0, None), "SIGTERM ends it well"

    def _end(self, how: signal.Signals) -> Optional[int]:
        process, self._process = self._process, None
        return None if process is None else process.end(how)

    def tenant(self) -> "Tenant":
        """A new tenant with a token of its owner and one that only records and decides."""
        slug = "t-" + uuid.uuid4().hex[:12]
        with httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {ADMIN}"}) as http:
            http.post("/api/v1/tenants", json={"slug": slug}).raise_for_status()

            def token(role: str) -> str:
                made = http.post("/api/v1/keys", params={"tenant": slug}, json={"name": role, "role": role})
                return str(made.raise_for_status().json()["token"])

            return Tenant(self.url, slug, token("owner"), token("ingest"))


@dataclass(frozen=True)
class Tenant:
    """Whose usage a test counts."""

    url: str
    slug: str
    owner: str
    ingest: str


class App:
    """A FastAPI app under uvicorn in a process of its own."""

    def __init__(self, module: str, **environment: str) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("METERWIRE_")}
        self._process = Process(
            [sys.executable, "-m", "uvicorn", module, "--port", "0"],
            r"running on (http://\S+)",
            env={**clean, "PYTHONUNBUFFERED": "1", **environment},
            stderr=subprocess.STDOUT,
            cwd=TESTS,
        )
        self.url = self._process.said

    def stop(self) -> None:
        self._process.end(signal.SIGINT)


@contextlib.contextmanager
def app(module: str, **environment: str) -> Iterator[App]:
    """The app for as long as the block runs."""
    running = App(module, **environment)
    try:
        yield running
    finally:
        running.stop()


class Relay:
    """Passes connections on to the server, and can lose the next answers after the server has given them."""

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        self._server = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.lose = 0
        self.lost = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        # Closing alone would leave the thread in accept().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                threading.Thread(target=self._pump, args=(client, server, False), daemon=True).start()
                threading.Thread(target=self._pump, args=(server, client, True), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if answers and self.lose > 0:
                    self.lose -= 1
                    self.lost += 1
                    break
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        # The one that answers outlives the other, so it closes both.
        if answers:
            source.close()
            target.close()
