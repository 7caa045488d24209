# Needs make and Python 3.11, 3.12 or 3.13 with venv: on Debian 12 `apt-get install make python3-venv`. All else comes from
# the package index. With another Python than python3: `make up PYTHON=python3.13`.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
CALIBRATION ?= data/calibration.json
export DO_NOT_TRACK := 1

.PHONY: up test test-all test-integrations lint format structure console console-check faults bench train calibrate lock packages docs help
up: .venv/service ## Install what is needed, run the whole system, print URL, key and a line to try
	@$(BIN)/souvenir up
test: .venv/tools .venv/clients/installed ## Install what is needed and pass all tests but the slow ones
	$(BIN)/pytest -n 2 -m "not slow"
test-all: .venv/tools .venv/clients/installed .venv/frameworks/installed ## The slow tests too, with every published client and every framework
	$(BIN)/python tests/clients/install.py all && $(BIN)/pytest -n 2
test-integrations: .venv/tools .venv/clients/installed .venv/frameworks/installed ## The agent frameworks of others against the running system
	$(BIN)/pytest -n 0 tests/integrations
lint: .venv/tools ## ruff and mypy
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
format: .venv/tools ## Let ruff write the code as it should look
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .
structure: .venv/tools ## Figures of size and density, and places where a retired word stands
	$(BIN)/python -m tests.structure && $(BIN)/python -m tests.vocabulary
console: ## Build the page at /console from console/ (needs Node.js 20.19 or newer)
	cd console && npm ci --no-audit --no-fund && npm run build
console-check: .venv/tools ## Walk the console in Chromium: screenshots and figures in build/console
	@if command -v npm >/dev/null; then cd console && npm ci --no-audit --no-fund; fi
	$(BIN)/python -m tests.console
faults: .venv/tools ## Break processes, stores and disks with jobs in flight, and count what is lost: an hour
	$(BIN)/python -m tests.faults
bench: .venv/tools ## Speed, memory and scale on this machine, into docs/benchmarks: an hour (tests.benchmarks --quick: ten minutes)
	$(BIN)/python -m tests.benchmarks
train: .venv/train ## Check the training data and train the models (hours on two cores, minutes on a GPU)
	$(BIN)/python -m training.check
	$(BIN)/python -m training.train_embedder
	$(BIN)/python -m training.train_relation
	$(BIN)/python -m training.train_gate
	$(BIN)/python -m training.train_meant
	$(BIN)/python -m training.train_message
	$(BIN)/python -m training.train_short
	$(BIN)/python -m training.train_standing
calibrate: .venv/tools ## Fit the relativity for the embedder that the environment names, into CALIBRATION
	$(BIN)/python -m tests.benchmarks.calibrate --embedder configured --out $(CALIBRATION)
lock: ## Make requirements.lock and requirements-dev.lock anew
	sh deploy/lock.sh
packages: .venv/tools .venv/clients/installed ## Wheels, source archives and the npm package, into dist/
	$(BIN)/python -m tests.packages.build
docs: .venv/tools ## The documentation as a site that needs no network, in build/docs/site
	$(BIN)/python -m docs.site.build
help: ## This list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | expand -t 12

# A Python that is too old or too new is refused here: its first error would be a wheel that does not exist.
.venv/bin/pip:
	@$(PYTHON) -c 'import sys; v = sys.version_info; (3, 11) <= v[:2] <= (3, 13) or sys.exit( \
	    "Souvenir runs on Python 3.11, 3.12 and 3.13, and $(PYTHON) is %d.%d: name another, e.g. make up PYTHON=python3.12" % v[:2])'
	$(PYTHON) -m venv .venv

# --no-deps: the locks are complete, so nothing is resolved and nothing else comes in.
.venv/service: requirements.lock pyproject.toml clients/python/pyproject.toml | .venv/bin/pip
	$(PIP) --no-deps -r requirements.lock
	$(PIP) --no-deps -e . -e clients/python
	@touch $@

.venv/tools: .venv/service requirements-dev.lock
	$(PIP) --no-deps -r requirements-dev.lock
	@touch $@

# Large and only for training, so it is not in the locks.
.venv/train: .venv/tools
	$(PIP) "torch>=2.13" "onnx>=1.23"
	@touch $@

# The last file of an installation that came to its end: one that was broken off is done anew.
.venv/clients/installed: .venv/service tests/clients/install.py tests/clients/requirements.txt clients/typescript/package-lock.json
	$(BIN)/python tests/clients/install.py
	@touch $@

# The frameworks of others, each group in an environment of its own: 1.5 GB.
.venv/frameworks/installed: .venv/clients/installed tests/integrations/install.py $(wildcard tests/integrations/requirements/*.txt)
	$(BIN)/python tests/integrations/install.py
	@touch $@
