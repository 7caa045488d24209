# Needs Python 3.11 or 3.12 with venv, and make: on Debian `apt-get install make python3-venv`. All else comes from the package index.
PYTHON ?= python3
BIN := .venv/bin
export DO_NOT_TRACK := 1

.PHONY: up test test-all lint bench lock
up: .venv/service ; @$(BIN)/souvenir up
test: .venv/tools .venv/clients ; $(BIN)/pytest -n 2 -m "not slow"
test-all: .venv/tools .venv/clients ; $(BIN)/python tests/clients/install.py all && $(BIN)/pytest -n 2
lint: .venv/tools ; $(BIN)/ruff check . && $(BIN)/mypy
bench: .venv/tools ; $(BIN)/python -m tests.benchmarks.machine
lock: ; sh deploy/lock.sh

# --no-deps: the locks are complete, so nothing is resolved and nothing else comes in.
.venv/bin/pip: ; $(PYTHON) -m venv .venv

.venv/service: requirements.lock pyproject.toml clients/python/pyproject.toml | .venv/bin/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e . -e clients/python
	@touch $@

.venv/tools: .venv/service requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r requirements-dev.lock
	@touch $@

.venv/clients: .venv/service tests/clients/install.py tests/clients/requirements.txt
	$(BIN)/python tests/clients/install.py
	@touch $@
