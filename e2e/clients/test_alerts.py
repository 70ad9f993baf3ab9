"""Alerts reach other people's software: a real SMTP server with TLS, and the verifier of Standard Webhooks."""

import base64
import http.server
import json
import queue
import ssl
import threading
import time
from email import message_from_bytes
from email.policy import default as email_policy

import pytest
import requests
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

# aiosmtpd takes a login over TLS from the first byte for one without TLS.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
USER, PASSWORD = "meterwire", "a password: of/ours"
WAIT_SECONDS = 10


class Inbox:
    """Takes mail; refuses addresses that begin with `nobody`."""

    def __init__(self):
        self.mails = queue.Queue()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        encrypted = server.transport.get_extra_info("cipher") is not None
        self.mails.put((encrypted, session.authenticated, list(envelope.rcpt_tos), envelope.content))
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == USER.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=good)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate for 127.0.0.1 of an authority that only the server under test is told of."""
    folder = tmp_path_factory.mktemp("tls")
    made = trustme.CA()
    made.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return folder / "ca.pem", context


@pytest.fixture(params=["starttls", "implicit"])
def smtp(request, authority):
    """An SMTP server with the one or the other kind of TLS, its address, and the file that vouches for it."""
    ca_file, context = authority
    inbox = Inbox()
    common = {"hostname": "127.0.0.1", "port": 0, "authenticator": authenticate, "auth_required": True}
    if request.param == "starttls":
        controller = FreePort(inbox, tls_context=context, require_starttls=True, **common)
        scheme = "smtp"
    else:
        controller = FreePort(inbox, ssl_context=context, auth_require_tls=False, **common)
        scheme = "smtps"
    controller.start()
    try:
        yield f"{scheme}://127.0.0.1:{controller.bound_port()}", ca_file, inbox
    finally:
        controller.stop()


class FreePort(Controller):
    """Port 0 is any free port; the controller's own check would connect to port 0."""

    def bound_port(self) -> int:
        return self.server.sockets[0].getsockname()[1]

    def _trigger_server(self):
        self.port = self.bound_port()
        super()._trigger_server()


class Receiver:
    """Somebody's webhook."""

    def __init__(self):
        self.came = queue.Queue()
        came = self.came

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                came.put((time.monotonic(), dict(self.headers.items()), body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


def ask(server, method: str, path: str, body=None, expected: int = 200) -> dict:
    headers = {"Authorization": f"Bearer {server.token}"}
    answer = requests.request(method, server.url + path, headers=headers, json=body, timeout=60)
    assert answer.status_code == expected, answer.text
    return answer.json() if answer.content else {}


@pytest.fixture(autouse=True)
def thresholds_alone(request):
    """What else there is to tell depends on the day of the month."""
    # The server reads its settings when it starts.
    for name in ("inside", "mail_settings", "untrusted_mail_settings", "plain_smtp"):
        if name in request.fixturenames:
            request.getfixturevalue(name)
    if "server" in request.fixturenames:
        server = request.getfixturevalue("server")
        for kind in ("budget_projected", "spend_spike"):
            ask(server, "PATCH", f"/api/v1/alert-rules/{kind}", {"enabled": False})


def spend(server, name: str, usd: str) -> float:
    """Records an event of so many dollars; answers when the answer came."""
    event = {"id": name, "source": "t", "model": "gpt-4o", "cost_usd": usd}
    answered = ask(server, "POST", "/api/v1/events", event)
    assert answered["stored"] == 1, answered
    return time.monotonic()


def wait_for_delivery(server, state: str) -> dict:
    """The first delivery of the newest alert, when it has come to a state."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        items = ask(server, "GET", "/api/v1/alerts")["items"]
        if items and items[0]["deliveries"] and items[0]["deliveries"][0]["state"] == state:
            return items[0]["deliveries"][0]
        time.sleep(0.05)
    raise AssertionError(f"no {state} delivery: {items}")


def settings(monkeypatch, **names):
    for name, value in names.items():
        monkeypatch.setenv(f"METERWIRE_{name.upper()}", value)


@pytest.fixture
def inside(monkeypatch):
    """Before `server`: it may send to this machine."""
    settings(monkeypatch, outgoing_allow_inside="true")


def test_a_webhook_is_verified_by_the_standard_library(inside, server, receiver):
    made = ask(server, "POST", "/api/v1/channels", {"name": "hook", "type": "webhook", "url": receiver.url}, 201)
    verifier = Webhook(made["secret"])
    answered = spend(server, "one", "60")
    came_at, headers, body = receiver.came.get(timeout=WAIT_SECONDS)
    assert came_at - answered < 1, "within a second of the event's answer"
    verified = verifier.verify(body, headers)
    assert verified["type"] == "alert.raised"
    assert verified["data"]["kind"] == "budget_threshold"
    assert verified["data"]["detail"]["spent_usd"] == "60"
    with pytest.raises(WebhookVerificationError):
        verifier.verify(body.replace(b"60", b"61"), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + base64.b64encode(b"x" * 24).decode()).verify(body, headers)
    assert wait_for_delivery(server, "delivered")["attempts"] == 1
    # A new secret is in force at once, and the old one ends.
    changed = ask(server, "PATCH", f"/api/v1/channels/{made['id']}", {"new_secret": True})
    tested = ask(server, "POST", f"/api/v1/channels/{made['id']}/test")
    assert tested["arrived"] is True
    _, headers, body = receiver.came.get(timeout=WAIT_SECONDS)
    assert Webhook(changed["secret"]).verify(body, headers)["type"] == "alert.test"
    with pytest.raises(WebhookVerificationError):
        verifier.verify(body, headers)
    shown = ask(server, "GET", f"/api/v1/channels/{made['id']}")
    assert "secret" not in shown and changed["secret"] not in json.dumps(shown)


def test_slack_gets_what_it_takes_and_its_address_is_never_shown(inside, server, receiver):
    made = ask(server, "POST", "/api/v1/channels", {"name": "slack", "type": "slack", "url": receiver.url}, 201)
    assert receiver.url not in json.dumps(ask(server, "GET", "/api/v1/channels")) + json.dumps(made)
    spend(server, "one", "60")
    _, headers, body = receiver.came.get(timeout=WAIT_SECONDS)
    said = json.loads(body)
    assert headers["content-type"] == "application/json"
    assert "60" in said["text"] and said["blocks"][0]["text"]["type"] == "mrkdwn"


def test_without_leave_nothing_is_sent_into_private_networks(server, receiver):
    for url in (receiver.url, "http://localhost:1/", "http://2130706433/", "http://[::ffff:10.0.0.1]/"):
        refused = ask(server, "POST", "/api/v1/channels", {"name": "x", "type": "webhook", "url": url}, 422)
        assert refused["detail"]["field"] == "url", refused
    # A name is only found out when it is resolved, at each message.
    channel = {"name": "name", "type": "webhook", "url": "http://localhost.localdomain:1/"}
    answer = requests.post(
        f"{server.url}/api/v1/channels", json=channel, headers={"Authorization": f"Bearer {server.token}"}, timeout=10
    )
    assert answer.status_code == 201, answer.text
    tested = ask(server, "POST", f"/api/v1/channels/{answer.json()['id']}/test")
    assert tested["arrived"] is False
    assert receiver.came.empty()


@pytest.fixture
def mail_settings(monkeypatch, smtp):
    """Before `server`: it knows the mail server."""
    url, ca_file, inbox = smtp
    settings(
        monkeypatch,
        mail_url=url,
        mail_from="Meterwire <meterwire@example.com>",
        mail_user=USER,
        mail_password=PASSWORD,
        mail_ca_file=str(ca_file),
    )
    return inbox


def test_mail_goes_over_tls_with_a_login(mail_settings, server):
    inbox = mail_settings
    to = ["ops@example.com", "cfo@example.com"]
    ask(server, "POST", "/api/v1/channels", {"name": "mail", "type": "email", "to": to}, 201)
    spend(server, "one", "60")
    encrypted, authenticated, recipients, content = inbox.mails.get(timeout=WAIT_SECONDS)
    assert encrypted and authenticated and recipients == to
    mail = message_from_bytes(content, policy=email_policy)
    assert mail["to"] == ", ".join(to) and mail["from"] == "Meterwire <meterwire@example.com>"
    assert mail["auto-submitted"] == "auto-generated" and mail["message-id"].endswith("@example.com>")
    assert mail["subject"].startswith("[Meterwire ") and "60" in mail["subject"]
    text = mail.get_body(("plain",)).get_content()
    assert "spent_usd: 60" in text and "tenant acme" in text
    assert "<td>60</td>" in mail.get_body(("html",)).get_content()
    assert wait_for_delivery(server, "delivered")["last_error"] is None


def test_one_wrong_address_does_not_keep_mail_from_the_others(mail_settings, server):
    inbox = mail_settings
    to = ["nobody@example.com", "ops@example.com"]
    made = ask(server, "POST", "/api/v1/channels", {"name": "mail", "type": "email", "to": to}, 201)
    spend(server, "one", "60")
    assert inbox.mails.get(timeout=WAIT_SECONDS)[2] == ["ops@example.com"]
    delivered = wait_for_delivery(server, "delivered")
    assert "nobody@example.com" in delivered["last_error"] and "550" in delivered["last_error"]
    ask(server, "PATCH", f"/api/v1/channels/{made['id']}", {"to": ["nobody@example.com"]})
    tested = ask(server, "POST", f"/api/v1/channels/{made['id']}/test")
    assert tested["arrived"] is False and "550" in tested["error"]


@pytest.fixture
def untrusted_mail_settings(monkeypatch, smtp):
    """The same without the file that vouches for the mail server."""
    url, _, inbox = smtp
    settings(monkeypatch, mail_url=url, mail_from="m@example.com", mail_user=USER, mail_password=PASSWORD)
    return inbox


def test_a_certificate_of_nobody_is_refused(untrusted_mail_settings, server):
    made = ask(server, "POST", "/api/v1/channels", {"name": "mail", "type": "email", "to": ["a@example.com"]}, 201)
    tested = ask(server, "POST", f"/api/v1/channels/{made['id']}/test")
    assert tested["arrived"] is False and "certificate" in tested["error"].lower(), tested
    assert untrusted_mail_settings.mails.empty()


@pytest.fixture
def plain_smtp(monkeypatch):
    """A mail server that knows no TLS, where the settings want STARTTLS."""
    inbox = Inbox()
    controller = FreePort(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    settings(monkeypatch, mail_url=f"smtp://127.0.0.1:{controller.bound_port()}", mail_from="m@example.com")
    yield inbox
    controller.stop()


def test_nothing_is_said_without_tls_where_tls_is_wanted(plain_smtp, server):
    made = ask(server, "POST", "/api/v1/channels", {"name": "mail", "type": "email", "to": ["a@example.com"]}, 201)
    tested = ask(server, "POST", f"/api/v1/channels/{made['id']}/test")
    assert tested["arrived"] is False and plain_smtp.mails.empty(), tested
