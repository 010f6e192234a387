# `make` lists the commands. They need only Python >= 3.11 and make, and install the rest in .venv.

PYTHON ?= python3
PORT ?= 5006
ORIGIN ?= localhost:$(PORT)
SECRETS ?= .secrets
ARGS ?=
# A session without a page lives for one minute; a page can reconnect for twelve hours.
SERVED := --warm --plugins dam_inventory.server.plugin \
	--unused-session-lifetime 60000 --session-token-expiration 43200
# Of the files with tests, as many run side by side; more than four drown a machine in browsers.
WORKERS := -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
PYTEST = $(BIN)/python -m pytest $(WORKERS)
BENCH ?= $(filter-out benchmarks/_%,$(wildcard benchmarks/*.py))
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv --quiet --system-certs

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve serve-secure quick test test-long check format bench docs reference screenshots test-lowest constraints clean

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1	/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

serve: $(VENV)/.serve ## serve the dashboard on this machine: make serve [PORT=5007]
	@echo "Dam Inventory: http://localhost:$(PORT)/dashboard (Ctrl+C to stop)"
	@exec $(BIN)/panel serve dashboard.py $(SERVED) --address 127.0.0.1 --port $(PORT) \
		--allow-websocket-origin localhost:$(PORT) --allow-websocket-origin 127.0.0.1:$(PORT) $(ARGS)

# A login is valid for one day.
serve-secure: $(SECRETS)/sessions $(SECRETS)/cookies $(VENV)/.serve ## serve the dashboard with a login: make serve-secure [ORIGIN=dams.example.org]
	@echo "Dam Inventory: http://$(ORIGIN)/dashboard (Ctrl+C to stop); log out at /logout"
	@BOKEH_SIGN_SESSIONS=true; BOKEH_SECRET_KEY=$$(cat $(SECRETS)/sessions); \
		PANEL_COOKIE_SECRET=$$(cat $(SECRETS)/cookies); \
		export BOKEH_SIGN_SESSIONS BOKEH_SECRET_KEY PANEL_COOKIE_SECRET; \
		exec $(BIN)/panel serve dashboard.py $(SERVED) --address 127.0.0.1 --port $(PORT) \
		--auth-module auth.py --allow-websocket-origin $(ORIGIN) $(ARGS)

quick: $(VENV)/.test ## run the tests that need no browser, server or other process
	$(PYTEST) -m "not slow and not long" $(ARGS)

test: check ## lint, check the types and run all tests but the long ones: make test [ARGS="-k toast"]
	$(PYTEST) -m "not long" $(ARGS)

test-long: $(VENV)/.test ## run the long tests: attacks, nginx, crowds, leaks, many window sizes
	$(PYTEST) -m long $(ARGS)

check: $(VENV)/.test ## lint and check the types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.test ## format the code and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench ## run all benchmarks, or one: make bench [BENCH=benchmarks/X.py]
	@set -e; for benchmark in $(BENCH); do \
		echo "== $$benchmark"; PYTHONPATH=. $(BIN)/python "$$benchmark" $(ARGS); \
	done

docs: $(VENV)/.docs ## build the documentation as a site in build/docs; a warning is an error
	@$(BIN)/python -m sphinx --quiet --fresh-env --fail-on-warning --keep-going $(ARGS) docs build/docs
	@echo "Documentation: build/docs/index.html"

reference: $(VENV)/.serve ## write the tables of docs/ again from the code
	PYTHONPATH=. $(BIN)/python docs/reference.py

screenshots: $(VENV)/.test ## take the screenshots of the documentation again
	PYTHONPATH=. $(BIN)/python docs/screenshots.py $(ARGS)

test-lowest: $(VENV)/.dev ## run all tests with the lowest versions that pyproject.toml allows
	$(UV) venv --clear --python $(BIN)/python $(VENV)-lowest
	$(UV) pip install --python $(VENV)-lowest/bin/python --resolution lowest-direct \
		--only-binary :all: --editable '.[test]'
	$(VENV)-lowest/bin/python -m pytest $(WORKERS) $(ARGS)

constraints: $(VENV)/.dev ## update constraints.txt: make constraints [ARGS=--upgrade]
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 --all-extras \
		--custom-compile-command "make constraints" --no-annotate --no-emit-index-url \
		--output-file constraints.txt $(ARGS)

clean: ## remove all generated files, but no database
	rm -rf $(VENV) $(VENV)-lowest build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Created once: a person who has these can forge any user, and new ones end all logins.
$(SECRETS)/%: | $(BIN)/python
	@umask 077 && mkdir -p $(@D) && \
		$(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(32))' >$@

# One stamp file per set of packages, so that make installs them again only after a change.
$(VENV)/.%: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the packages for \"make $*\" in $(VENV); the first time takes a minute or two ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[$(if $(filter serve,$*),formats,$*)]'
	@touch $@

# Without the package itself: `make constraints` must work while the old pins conflict with it.
$(VENV)/.dev: constraints.txt | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $< uv
	@touch $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "$(PYTHON) was not found. Dam Inventory needs Python 3.11 or newer." \
			"Choose one: make PYTHON=python3.12"; exit 1; } >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is $$($(PYTHON) --version 2>&1), but Dam Inventory needs 3.11 or newer." \
			"Choose one: make PYTHON=python3.12"; exit 1; } >&2
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot create a virtual environment." \
			"On Debian and Ubuntu: apt-get install python3-venv"; exit 1; } >&2
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
