#!/usr/bin/env bash
# Installs what the build and the tests need beyond Rust and Node, where it is missing: a C compiler for SQLite, Python
# with venv; for the tests (`test`) Chromium, Python 3.12 and the engines of the cluster store, for these alone `engines`, for
# the measurements (`bench`) Redis. Needs apt; asks for root only when something is missing.
set -euo pipefail

root=()
[ "$(id -u)" -eq 0 ] || root=(sudo)

# The validator of FOCUS exports runs on nothing else. The same places as in e2e/clients/test_focus.py.
has_python_3_12() {
  local python
  for python in "${METERWIRE_PYTHON_3_12:-}" python3.12 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.12.*/bin/python; do
    "$python" -c 'import ensurepip, venv, sys; sys.exit(sys.version_info[:2] != (3, 12))' 2>/dev/null && return 0
  done
  command -v uv >/dev/null && uv python find 3.12 >/dev/null 2>&1
}

# Not every release has it, and then only that one test fails, saying why.
if [ "${1:-}" = test ] && ! has_python_3_12; then
  echo "installing: Python 3.12"
  if "${root[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends python3.12-venv; then
    :
  elif ! { command -v uv >/dev/null && uv python install 3.12; }; then
    echo "Python 3.12 could not be installed; name one with METERWIRE_PYTHON_3_12. Without it the check of FOCUS exports fails."
  fi
fi

# Engines that tests start for themselves. Debian's packages would start theirs at once and at each boot: whoever had none
# before is not to have one running now.
install_engines() {
  local policy=/usr/sbin/policy-rc.d ours=false package
  echo "installing: $*"
  if [ ! -e $policy ]; then
    ours=true
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee $policy >/dev/null
    "${root[@]}" chmod 755 $policy
  fi
  # What fails here fails below too, where it is said; our policy must not stay behind.
  "${root[@]}" apt-get update -qq || true
  for package in "$@"; do
    if ! DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "$package"; then
      echo "$package could not be installed from this release; the tests that need it fail, saying so."
    elif [ -d /run/systemd/system ]; then
      "${root[@]}" systemctl disable --quiet "$package" 2>/dev/null || true
    fi
  done
  ! $ours || "${root[@]}" rm -f $policy
}

if [ "${1:-}" = test ] || [ "${1:-}" = engines ]; then
  engines=()
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || engines+=(postgresql)
  command -v clickhouse-server >/dev/null || [ -x /usr/sbin/clickhouse-server ] || engines+=(clickhouse-server)
  [ ${#engines[@]} -eq 0 ] || install_engines "${engines[@]}"
fi

want=(gcc:gcc python3:python3 curl:curl)
[ "${1:-}" = test ] && want+=(chromium:chromium sqlite3:sqlite3)
[ "${1:-}" = bench ] && want+=(redis-server:redis-server redis-benchmark:redis-tools)

missing=()
for pair in "${want[@]}"; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if [[ "${1:-}" =~ ^(test|engines)$ ]] && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  missing+=(python3-venv)
fi
if [ ${#missing[@]} -ne 0 ]; then
  echo "installing: ${missing[*]}"
  "${root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" fonts-dejavu-core
fi

# The present ClickHouse, in the environment of the tests.
if [[ "${1:-}" =~ ^(test|engines)$ ]]; then
  venv=$(dirname "$0")/../.venv
  [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
  "$venv/bin/python" -m pip install -q --no-deps -r "$(dirname "$0")/../e2e/engines/requirements.txt" ||
    echo "chdb could not be installed; the tests that need it fail, saying so."
fi
