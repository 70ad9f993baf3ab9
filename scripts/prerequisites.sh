#!/usr/bin/env bash
# Installs what the build and the tests need beyond Rust and Node, where it is missing: a C compiler for SQLite, Python
# with venv; for the tests Chromium, for the measurements Redis. Needs apt; asks for root only when something is missing.
set -euo pipefail

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
root=()
[ "$(id -u)" -eq 0 ] || root=(sudo)
"${root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" fonts-dejavu-core
