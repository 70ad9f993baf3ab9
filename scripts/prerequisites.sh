#!/usr/bin/env bash
# Installs what the build and the tests need beyond Rust and Node, where it is missing: a C compiler for SQLite, Python
# with venv; for the tests Chromium and Python 3.12, for the measurements Redis. Needs apt; asks for root only when
# something is missing.
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

want=(gcc:gcc python3:python3 curl:curl)
[ "${1:-}" = test ] && want+=(chromium:chromium sqlite3:sqlite3)
[ "${1:-}" = bench ] && want+=(redis-server:redis-server redis-benchmark:redis-tools)

missing=()
for pair in "${want[@]}"; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if [ "${1:-}" = test ] && ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  missing+=(python3-venv)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

echo "installing: ${missing[*]}"
"${root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" fonts-dejavu-core
