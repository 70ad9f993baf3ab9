"""A real server over a temporary directory, with one tenant and its owner's token."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
ADMIN = "admin-token-for-the-client-tests"


@dataclass
class Server:
    """Where it listens, and a token of the tenant's owner."""

    url: str
    token: str

    def get(self, path: str) -> dict:
        answer = requests.get(self.url + path, headers={"Authorization": f"Bearer {self.token}"}, timeout=10)
        answer.raise_for_status()
        return answer.json()


@pytest.fixture
def server(tmp_path):
    binary = os.environ.get("METERWIRE_BIN", str(ROOT / "target/debug/meterwire"))
    environment = {**os.environ, "METERWIRE_ADMIN_TOKEN": ADMIN}
    command = [binary, "serve", "--data-dir", str(tmp_path / "data"), "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    try:
        for line in process.stdout:
            found = re.search(r"page\s+(http://\S+?)/", line)
            if found:
                break
        else:
            raise AssertionError("the server did not say where it listens")
        url = found.group(1)
        admin = {"Authorization": f"Bearer {ADMIN}"}
        made = requests.post(f"{url}/api/v1/tenants", headers=admin, json={"slug": "acme"}, timeout=10)
        made.raise_for_status()
        key = requests.post(f"{url}/api/v1/keys?tenant=acme", headers=admin, json={"name": "t", "role": "owner"}, timeout=10)
        key.raise_for_status()
        yield Server(url, key.json()["token"])
    finally:
        process.terminate()
        assert process.wait(timeout=30) == 0, "SIGTERM ends it well"


@pytest.fixture
def admin_token():
    """The instance's own token, which belongs to no tenant."""
    return ADMIN


@pytest.fixture
def captured():
    """Requests that unmodified clients really sent; None where the file is not there."""
    folder = Path(os.environ.get("METERWIRE_TEST_DATA", ROOT.parent / "shared" / "data"))
    file = folder / "client-requests.jsonl"
    if not file.is_file():
        print(f"the captured requests are not at {file}; only requests made here are tested")
        return None
    return [json.loads(line) for line in file.read_text().splitlines()]
