"""What arrives broken over a real socket is answered with an error, or with nothing, and changes nothing."""

import json
import socket

import pytest
import requests

EVENT = json.dumps({"id": "cut", "model": "gpt-4o", "usage": {"input_tokens": 7}})


def raw(server, head: str, body: bytes, close: bool = True) -> bytes:
    """Sends bytes as they are and reads what comes back within a few seconds."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        lines = f"POST /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.token}\r\n{head}\r\n\r\n"
        connection.sendall(lines.encode() + body)
        if close:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while chunk := connection.recv(65536):
                answer += chunk
        except TimeoutError:
            pass
        return answer


JSON = "Content-Type: application/json"


@pytest.mark.parametrize(
    "head, body",
    [
        (f"{JSON}\r\nContent-Length: 500", EVENT.encode()),
        (f"{JSON}\r\nContent-Length: 5", EVENT.encode()),
        (f"{JSON}\r\nContent-Length: -1", EVENT.encode()),
        (f"{JSON}\r\nContent-Length: 5\r\nContent-Length: 900", EVENT.encode()),
        (f"{JSON}\r\nTransfer-Encoding: chunked", b"zz\r\n" + EVENT.encode() + b"\r\n0\r\n\r\n"),
        (f"{JSON}\r\nTransfer-Encoding: chunked", f"{len(EVENT):x}\r\n{EVENT}\r\n".encode()),
        (f"{JSON}\r\nContent-Encoding: gzip\r\nContent-Length: {len(EVENT)}", EVENT.encode()),
        (f"{JSON}\r\nContent-Length: 4", b"\xff\xfe\x00\x00"),
    ],
    ids=["shorter than said", "longer than said", "negative", "two lengths", "bad chunk", "no last chunk", "not gzip", "not text"],
)
def test_broken_requests_store_nothing(server, head, body):
    answer = raw(server, head, body)
    status = answer.split(b"\r\n")[0]
    assert not status or status.startswith(b"HTTP/1.1 4"), answer[:200]
    assert server.get("/api/v1/usage/query?range=7d")["total"]["calls"] == 0
    assert requests.get(server.url + "/healthz", timeout=5).status_code == 200


def test_a_body_that_never_comes_does_not_hold_others_up(server):
    host, port = server.url.removeprefix("http://").split(":")
    waiting = []
    for _ in range(50):
        connection = socket.create_connection((host, int(port)), timeout=5)
        connection.sendall(
            f"POST /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.token}\r\n{JSON}\r\nContent-Length: 99\r\n\r\n".encode()
        )
        waiting.append(connection)
    assert requests.get(server.url + "/readyz", timeout=5).status_code == 200
    for connection in waiting:
        connection.close()
