"""A server that fails on purpose, for what the real one cannot be made to do."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Failing(BaseHTTPRequestHandler):
    """Gives the answers it was told to give, one after the other, the last one again and again."""

    protocol_version = "HTTP/1.1"

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.command, self.path, json.loads(body) if body else None))
        script = self.server.script
        status, headers, content, delay_s = script.pop(0) if len(script) > 1 else script[0]
        time.sleep(delay_s)
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = do_DELETE = _answer

    def log_message(self, *args):
        pass


class FailingServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that gave up is what some of these tests want."""
