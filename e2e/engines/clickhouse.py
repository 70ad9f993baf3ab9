"""The two ClickHouses: Debian's old server as a cluster of shards, and the present engine behind the shim."""

import subprocess
import sys
from pathlib import Path

from engine import Engine, http_answers, install, program

# 18.16 knows its configuration by the root `yandex`.
USERS = """<yandex>
<profiles><default>
  <max_memory_usage>4000000000</max_memory_usage><use_uncompressed_cache>0</use_uncompressed_cache>
</default></profiles>
<users><default>
  <password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
</default></users>
<quotas><default><interval>
  <duration>3600</duration><queries>0</queries><errors>0</errors><result_rows>0</result_rows><read_rows>0</read_rows>
  <execution_time>0</execution_time>
</interval></default></quotas>
</yandex>
"""
CONFIG = """<yandex>
<logger><level>warning</level><log>{dir}/server.log</log><errorlog>{dir}/errors.log</errorlog><size>10M</size><count>1</count></logger>
<http_port>{http}</http_port><tcp_port>{tcp}</tcp_port><interserver_http_port>{interserver}</interserver_http_port>
<interserver_http_host>127.0.0.1</interserver_http_host><listen_host>127.0.0.1</listen_host>
<max_connections>512</max_connections><keep_alive_timeout>10</keep_alive_timeout><mark_cache_size>268435456</mark_cache_size>
<path>{dir}/data/</path><tmp_path>{dir}/tmp/</tmp_path><user_files_path>{dir}/user_files/</user_files_path>
<format_schema_path>{dir}/format_schemas/</format_schema_path>
<users_config>{dir}/users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
<timezone>UTC</timezone><mlock_executable>false</mlock_executable>
<remote_servers><meterwire>{shards}</meterwire></remote_servers>
</yandex>
"""
SHARD = """<shard><internal_replication>true</internal_replication>
<replica><host>127.0.0.1</host><port>{port}</port></replica></shard>"""


class ClickHouse(Engine):
    """One shard of the cluster `meterwire`. `ports` are of HTTP, TCP and the replicas; `shards` are all shards' TCP ports."""

    def __init__(self, directory: Path, number: int, ports: list, shards: list):
        super().__init__(directory)
        self.name = f"clickhouse-{number}"
        self.server = program("clickhouse-server", "/usr/sbin/clickhouse-server")
        self.ports = ports
        self.shards = shards

    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports[0]}"

    def prepare(self):
        for name in ("data", "tmp", "user_files", "format_schemas"):
            (self.directory / name).mkdir()
        http, tcp, interserver = self.ports
        shards = "".join(SHARD.format(port=port) for port in self.shards)
        config = CONFIG.format(dir=self.directory, http=http, tcp=tcp, interserver=interserver, shards=shards)
        (self.directory / "config.xml").write_text(config)
        (self.directory / "users.xml").write_text(USERS)

    def command(self) -> list:
        return [self.server, f"--config-file={self.directory / 'config.xml'}"]

    def answers(self) -> bool:
        return http_answers(f"{self.url()}/ping")


class Chdb(Engine):
    """The present engine, one statement at a time."""

    def __init__(self, directory: Path, number: int, port: int, python: Path):
        super().__init__(directory)
        self.name = f"chdb-{number}"
        self.port = port
        self.python = python

    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def prepare(self):
        # Found without loading it, which takes a second.
        look = "import importlib.util as u, sys; sys.exit(not u.find_spec('chdb'))"
        if not self.python.exists() or subprocess.run([self.python, "-c", look]).returncode != 0:
            raise install(f"chdb (in {self.python.parent.parent})")

    def command(self) -> list:
        return [self.python, Path(__file__).with_name("shim.py"), self.directory, str(self.port)]

    def answers(self) -> bool:
        return http_answers(f"{self.url()}/ping")


def python_of_tests(root: Path) -> Path:
    """The Python that has chdb: of the tests' environment, or else our own."""
    of_tests = root / ".venv" / "bin" / "python"
    return of_tests if of_tests.exists() else Path(sys.executable)
