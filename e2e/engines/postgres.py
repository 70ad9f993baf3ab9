"""A PostgreSQL of our own, as Debian packages it."""

import os
import pwd
import re
import socket
import struct
import subprocess
from pathlib import Path

from engine import Engine, install

# Durable against a kill, which is all that tests do; not against a power cut, which costs 3 ms a commit.
OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
}
PROTOCOL_3 = 196_608


def newest_programs() -> Path:
    """Where the programs of the newest installed version are."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if not found:
        raise install("PostgreSQL")
    return max(found, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0))


class Postgres(Engine):
    """Its superuser is `meterwire`, without a password, on the loopback address alone."""

    name = "postgres"

    def __init__(self, directory: Path, port: int, durable: bool = False):
        super().__init__(directory)
        self.port = port
        synced = {"fsync": "on", "full_page_writes": "on"} if durable else {}
        self.options = {**OPTIONS, **synced}
        self.programs = newest_programs()
        if os.geteuid() == 0:
            # It refuses to run as root.
            self.account = "postgres"

    def url(self) -> str:
        return f"postgres://meterwire@127.0.0.1:{self.port}/postgres"

    def prepare(self):
        whose = {}
        if self.account:
            owner = pwd.getpwnam(self.account)
            os.chown(self.directory, owner.pw_uid, owner.pw_gid)
            whose = {"user": self.account, "group": self.account, "extra_groups": []}
        # The order of text is that of its bytes, as in SQLite.
        command = [
            self.programs / "initdb", "-D", self.directory / "data", "--locale=C", "--encoding=UTF8", "--auth=trust",
            "--username=meterwire", "--no-instructions", "--no-sync",
        ]
        made = subprocess.run(command, cwd=self.directory, capture_output=True, text=True, **whose)
        if made.returncode != 0:
            raise RuntimeError(f"initdb failed: {made.stderr}")

    def command(self) -> list:
        # Of a process that was killed; nobody else has this directory.
        (self.directory / "data" / "postmaster.pid").unlink(missing_ok=True)
        options = [part for name, value in self.options.items() for part in ("-c", f"{name}={value}")]
        return [self.programs / "postgres", "-D", self.directory / "data", "-p", str(self.port), *options]

    def answers(self) -> bool:
        """Whether it takes us in: it listens before it has recovered, and then answers with an error."""
        body = struct.pack("!i", PROTOCOL_3) + b"user\0meterwire\0database\0postgres\0\0"
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(struct.pack("!i", len(body) + 4) + body)
                return connection.recv(1) == b"R"
        except OSError:
            return False
