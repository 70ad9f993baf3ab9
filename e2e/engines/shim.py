"""ClickHouse's HTTP interface over chdb, the present engine in the process of Python: as much of it as tests need.

A test engine: in memory of one process, one statement at a time. `shim.py DIRECTORY PORT` listens on 127.0.0.1 and keeps
its data in the directory. The query stands in the body; for inserts in `?query=`, with the rows in the body. Every other
parameter is a setting of that one statement, `database` names the database. Errors have status 500 (the server has 400
and 404 as well; nobody should look) and the engine's text, `Code: N. DB::Exception: ..`.
"""

import os
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from chdb import session

# What concerns the transfer alone, and has no meaning where everything is answered at once.
OF_THE_TRANSFER = frozenset(
    "user password session_id session_timeout query_id default_format wait_end_of_query buffer_size "
    "send_progress_in_http_headers enable_http_compression".split()
)
# `INSERT INTO table (columns) .. FORMAT name`, with nothing behind it: the rows are elsewhere.
INSERT_OF_ROWS = re.compile(r"^(\s*INSERT\s+INTO\s+\S+\s*(?:\([^)]*\))?)(.*\bFORMAT\s+\w+)\s*$", re.IGNORECASE | re.DOTALL)
NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
MAX_BODY = 1 << 30


def quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


class Engine:
    """The one session, whose settings hold for one statement each."""

    def __init__(self, directory: str):
        self.session = session.Session(os.path.join(directory, "data"))
        self.rows = os.path.join(directory, "rows")
        self.lock = threading.Lock()

    def run(self, query: str, body: bytes, settings: dict, database: str, form: str) -> bytes:
        """Runs one statement and answers its rows in `form`, unless the statement names a format itself."""
        with self.lock:
            self.session.query(f"USE {database}")
            begun = []
            try:
                for name, value in settings.items():
                    if not re.fullmatch(r"\w+", name):
                        raise ValueError(f"Code: 115. DB::Exception: Unknown setting {quoted(name)}")
                    self.session.query(f"SET {name} = {value if NUMBER.match(value) else quoted(value)}")
                    begun.append(name)
                return self.one(query, body, form)
            finally:
                for name in begun:
                    self.session.query(f"SET {name} = DEFAULT")

    def one(self, query: str, body: bytes, form: str) -> bytes:
        insert = INSERT_OF_ROWS.match(query)
        if not insert:
            return self.session.query(query + "\n" + body.decode() if body else query, form).bytes()
        if not body:
            return b""
        with open(self.rows, "wb") as rows:
            rows.write(body)
        try:
            self.session.query(f"{insert[1]} FROM INFILE {quoted(self.rows)} {insert[2]}")
        finally:
            os.unlink(self.rows)
        return b""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    engine: Engine

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer(b"")

    def do_POST(self):
        chunked = self.headers.get("Transfer-Encoding", "").lower() == "chunked"
        length = self.headers.get("Content-Length")
        if not chunked and length is None:
            # As 18.16 does.
            self.close_connection = True
            return self.reply(411, b"Code: 381. DB::Exception: There is neither Transfer-Encoding nor Content-Length\n")
        body = self.chunks() if chunked else self.rfile.read(min(int(length), MAX_BODY))
        return self.answer(body)

    def chunks(self) -> bytes:
        body = b""
        while len(body) <= MAX_BODY:
            size = int(self.rfile.readline().split(b";")[0].strip() or b"0", 16)
            body += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                break
        return body

    def answer(self, body: bytes):
        url = urlsplit(self.path)
        asked = dict(parse_qsl(url.query, keep_blank_values=True))
        query = asked.pop("query", "")
        if url.path == "/ping" or not (query or body):
            return self.reply(200, b"Ok.\n")
        database = asked.pop("database", "") or "default"
        form = asked.get("default_format", "TabSeparated")
        settings = {name: value for name, value in asked.items() if name not in OF_THE_TRANSFER}
        try:
            if not query:
                query, body = body.decode(), b""
            return self.reply(200, self.engine.run(query, body, settings, database, form))
        except Exception as error:  # Whatever the engine raises is its answer.
            text = str(error)
            code = re.search(r"Code: (\d+)", text)
            text = text if code else f"Code: 1000. DB::Exception: {text}"
            return self.reply(500, f"{text}\n".encode(), code[1] if code else "1000")

    def reply(self, status: int, body: bytes, code: str = ""):
        self.send_response(status)
        if code:
            self.send_header("X-ClickHouse-Exception-Code", code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    directory, port = sys.argv[1], int(sys.argv[2])
    os.makedirs(directory, exist_ok=True)
    Handler.engine = Engine(directory)
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main()
