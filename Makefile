# offerpath: `make run` sets everything up and serves; `make test` runs the tests. More: `make help`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet

.PHONY: run test test-external check bench format schema lock clean help python

run: $(VENV)/.runtime ## set everything up, then serve on http://127.0.0.1:8000
	@sh tools/build-ide.sh
	@exec $(BIN)/offerpath serve

test: $(VENV)/.development ## run the tests against a real PostgreSQL, in parallel
	@$(BIN)/pytest -n 2 --dist worksteal

test-external: $(VENV)/.development ## run what takes long: the suites of others, real processes, every example
	@$(BIN)/pytest tests/external tests/faults tests/processes
	@$(BIN)/pytest -n 2 --dist worksteal -m hypothesis --hypothesis-profile=deep

check: $(VENV)/.development ## ruff, mypy, import rules, SQL lint, the schema's text, rules and changes
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/squawk db/migrations/*.sql
	@$(BIN)/python -m schema.print --check
	@$(BIN)/python -m schema.errors.page --check
	@$(BIN)/python -m tools.check_schema

bench: $(VENV)/.development ## print ratios measured side by side in one run
	@$(BIN)/python -m tests.bench

format: $(VENV)/.development ## put the code into its one form
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

schema: $(VENV)/.development ## write schema/schema.graphql and docs/errors.md anew
	@$(BIN)/python -m schema.print
	@$(BIN)/python -m schema.errors.page

lock: $(VENV)/.development ## pin every dependency anew, with hashes
	@$(PIP) install uv
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh tools/lock.sh

clean: ## remove what was built here; the data folder stays
	@rm -rf $(VENV) build *.egg-info offerpath/static/ide web/ide/node_modules tests/external/node_modules
	@rm -rf tools/schema/node_modules tests/external/client/node_modules
	@rm -rf tests/bench/postgraphile/node_modules
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

# One clear sentence for a Python that is missing or too old.
python:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	  echo "offerpath needs Python 3.11 or newer and finds no '$(PYTHON)': name one with make PYTHON=/path/to/python3.11"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "offerpath needs Python 3.11 or newer, and '$(PYTHON)' is $$("$(PYTHON)" -V 2>&1): name a newer one with make PYTHON=/path/to/python3.11"; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make virtual environments: install its venv package (Debian: apt install python3-venv)"; exit 1; }

$(VENV)/.made: | python
	@echo "Making a virtual environment in $(VENV)"
	@"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/.made
	@echo "Installing the locked dependencies"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing the development tools"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@
