"""One real server for all tests; a tenant for each."""

import threading

import pytest
from failing import Failing, FailingServer
from processes import App, Relay, Server


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


@pytest.fixture
def own_server(tmp_path):
    """A server that a test may kill."""
    running = Server(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def tenant(server):
    return server.tenant()


@pytest.fixture
def relay(server):
    running = Relay(server.url)
    yield running
    running.close()


@pytest.fixture(scope="session")
def app_tenant(server):
    """The tenant of the app that most tests share; each test uses users of its own."""
    return server.tenant()


@pytest.fixture(scope="session")
def shared_app(app_tenant):
    running = App("shop.main:app", METERWIRE_URL=app_tenant.url, METERWIRE_TOKEN=app_tenant.ingest)
    yield running
    running.stop()


@pytest.fixture
def failing():
    with FailingServer(("127.0.0.1", 0), Failing) as server:
        server.seen = []
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()

        def script(*answers):
            server.script = [answer if len(answer) == 4 else (*answer, 0.0) for answer in answers]
            return server

        yield script
        server.shutdown()
        thread.join()
