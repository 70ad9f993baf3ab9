# The two commands a newcomer needs: `make run` and `make test`. See CONTRIBUTING.md.

.PHONY: help run build test engines check page openapi bench clean
# What needs the same files is not to run side by side.
.NOTPARALLEL:

help: ## Show this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

run: build ## Build everything and serve the demo on http://127.0.0.1:8000
	./target/release/meterwire demo

build: page ## Build target/release/meterwire, the page inside it
	cargo build --release --locked --package meterwire-server

test: ## Install what the tests need and run all of them; ends with "N passed, N failed"
	./scripts/prerequisites.sh test
	@./scripts/test.py

engines: ## Start PostgreSQL and ClickHouse for tests by hand, until Ctrl-C
	./scripts/prerequisites.sh engines
	python3 e2e/engines/run.py --hold

check: ## The quick loop: format, lint, unit tests
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features --locked -- -D warnings
	cargo test --quiet --locked --package meterwire-core --package meterwire-app --lib
	if [ -d web/node_modules ]; then npm --prefix web run check; fi

page: web/dashboard/dist/index.html ## Build the page, where something of it changed

# What the page is made of. Built only when that changed: a new page means a new binary.
PAGE_SOURCES := $(shell find web -name node_modules -prune -o -name dist -prune -o -name stories -prune -o -type f ! -name '*.stories.tsx' -print)

web/dashboard/dist/index.html: web/node_modules/.package-lock.json $(PAGE_SOURCES)
	npm --prefix web run build
	@touch $@

web/node_modules/.package-lock.json: web/package-lock.json
	./scripts/prerequisites.sh
	npm --prefix web ci

openapi: ## Write openapi.json from the code, and the client's types from it
	cargo run --quiet --locked --package meterwire-server -- openapi > target/openapi.json
	mv target/openapi.json openapi.json
	npm --prefix web run generate

bench: ## Measure; the tables go into bench/README.md
	./scripts/prerequisites.sh bench
	cargo build --release --locked --package meterwire-server --package bench
	./target/release/bench all

clean: ## Remove everything that was built
	cargo clean
	rm -rf web/node_modules e2e/web/node_modules .venv web/dashboard/dist web/stories/dist web/packages/*/dist
