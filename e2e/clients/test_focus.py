"""A FOCUS export is accepted by the validator of the FinOps Foundation, and bills exactly what was metered.

The validator needs Python 3.12 and packages of its own, so it gets an environment beside the tests' one, made once. A
machine without Python 3.12 fails the test and is told what to install: an unchecked file is no checked one.
"""

import csv
import datetime
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = Path(__file__).with_name("requirements-focus.txt")
ENVIRONMENT = ROOT / ".venv" / "focus"
# What applies to metered tokens, beside the rules that apply to everything.
CRITERIA = [
    "ACCOUNT_NAMING_SUPPORTED",
    "MULTIPLE_BILLING_ACCOUNT_TYPES_SUPPORTED",
    "MULTIPLE_PRICING_CATEGORIES_SUPPORTED",
    "MULTIPLE_SUB_ACCOUNT_TYPES_SUPPORTED",
    "REGION_SUPPORTED",
    "SUB_ACCOUNT_SUPPORTED",
    "TAGGING_SUPPORTED",
    "USAGE_MEASUREMENT_SUPPORTED",
]
# "Null while there is no invoice" and "not null where there is one": the validator checks both without knowing.
CONTRADICTION = {"InvoiceId-C-005-C"}


def python_3_12() -> str:
    """A Python 3.12: the one that METERWIRE_PYTHON_3_12 names, one on the path, one of pyenv or of uv."""
    found = [os.environ.get("METERWIRE_PYTHON_3_12"), "python3.12"]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found += sorted(map(str, pyenv.glob("versions/3.12.*/bin/python")))
    if shutil.which("uv"):
        uv = subprocess.run(["uv", "python", "find", "3.12"], capture_output=True, text=True, timeout=60)
        found.append(uv.stdout.strip())
    for python in filter(None, found):
        try:
            # A shim of pyenv is there for every version that any directory uses; only running it tells.
            asked = subprocess.run([python, "-c", "import sys, venv; print(sys.version_info[:2])"], capture_output=True, text=True, timeout=60)
        except OSError:
            continue
        if asked.stdout.strip() == "(3, 12)":
            return python
    pytest.fail("the FOCUS validator needs Python 3.12: install it, or name it with METERWIRE_PYTHON_3_12")


@pytest.fixture(scope="session")
def validator() -> Path:
    """The validator's program, in an environment that is made once for what it requires."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    mark = ENVIRONMENT / "made-for"
    program = ENVIRONMENT / "bin" / "focus-validator"
    if not (mark.is_file() and mark.read_text() == wanted and program.is_file()):
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        subprocess.run([python_3_12(), "-m", "venv", str(ENVIRONMENT)], check=True, timeout=120)
        pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "-q", "-r", str(REQUIREMENTS)]
        subprocess.run(pip, check=True, timeout=600)
        mark.write_text(wanted)
    return program


def refused_rules(validator: Path, file: Path) -> set:
    """The rules that a file breaks. Nothing is fetched: the package brings the rules of FOCUS 1.2."""
    # The validator looks for its lists beside itself.
    [packages] = ENVIRONMENT.glob("lib/python3.12/site-packages")
    command = [str(validator), "--data-file", str(file), "--validate-version", "1.2", "--block-download"]
    command += ["--applicability-criteria", ",".join(CRITERIA)]
    done = subprocess.run(command, cwd=packages, capture_output=True, text=True, timeout=300)
    output = done.stdout + done.stderr
    passed = re.findall(r"^\S+ ([\w-]+): PASS", output, re.MULTILINE)
    assert done.returncode == 0 and len(passed) > 150, output[-4000:]
    return set(re.findall(r"^\S+ ([\w-]+): FAIL", output, re.MULTILINE))


def events() -> list:
    models = [
        ("openai", "gpt-4o", "default"),
        ("openai", "gpt-4o", "batch"),
        ("anthropic", "claude-sonnet-4-5", None),
        ("google", "gemini-2.5-flash", None),
        ("own", "our-model", None),
        (None, None, None),
    ]
    projects = ["chat", "search", "Größe & Maß", "=SUM(A1)", "名前", None]
    now = datetime.datetime.now(datetime.timezone.utc)
    made = []
    for n in range(240):
        provider, model, tier = models[n % 6]
        event = {
            "id": f"e-{n}",
            "time": (now - datetime.timedelta(hours=n * 11 % 700)).isoformat(),
            "provider": provider,
            "model": model,
            "service_tier": tier,
            "project": projects[n // 6 % 6],
            "usage": {"input_tokens": 1000 + n, "cached_input_tokens": n, "output_tokens": 10 * n, "reasoning_tokens": n},
            "status": 500 if n % 17 == 0 else 200,
        }
        if n % 40 == 0:
            event["cost_usd"] = "12.000000001"
        if n % 50 == 0:
            del event["usage"]
        made.append({name: value for name, value in event.items() if value is not None})
    return made


@pytest.fixture
def focus(server) -> str:
    headers = {"Authorization": f"Bearer {server.token}"}
    stored = requests.post(f"{server.url}/api/v1/events", json=events(), headers=headers, timeout=30)
    assert stored.json()["stored"] == 240, stored.text
    answer = requests.get(f"{server.url}/api/v1/export?format=focus&range=90d&tz=Europe/Berlin", headers=headers, timeout=30)
    answer.raise_for_status()
    assert re.fullmatch(r'attachment; filename="acme_focus_[\d-]+_[\d-]+\.csv"', answer.headers["content-disposition"])
    return answer.content.decode()


def test_the_validator_accepts_it(focus, validator, tmp_path):
    file = tmp_path / "focus.csv"
    file.write_text(focus, newline="")
    assert refused_rules(validator, file) == CONTRADICTION
    # A wrong file is refused, so that acceptance means something.
    file.write_text(focus.replace(",USD,", ",dollars,"), newline="")
    refused = refused_rules(validator, file)
    assert any(rule.startswith("BillingCurrency") for rule in refused), refused


def test_it_bills_exactly_what_was_metered(focus, server):
    rows = list(csv.DictReader(io.StringIO(focus, newline="")))
    total = server.get("/api/v1/usage/query?range=90d&metrics=calls,tokens,cost&tz=Europe/Berlin")["total"]
    for column in ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"):
        assert sum(Decimal(row[column]) for row in rows) == Decimal(total["cost_usd"]), column
    assert sum(int(row["x_Calls"]) for row in rows) == total["calls"]
    assert sum(int(row["x_UnpricedCalls"]) for row in rows) == total["unpriced_calls"]
    assert sum(Decimal(row["ConsumedQuantity"]) for row in rows) == total["tokens"]
    assert {json.loads(row["Tags"]).get("project") for row in rows} >= {"chat", "Größe & Maß", "名前", None}
    days = {row["ChargePeriodStart"] for row in rows}
    groups = {(row["ChargePeriodStart"], row["SkuPriceId"], row["SubAccountId"]) for row in rows}
    assert len(days) > 20 and len(groups) == len(rows), "a row a day, price and project"
