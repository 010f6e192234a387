# `make` lists what there is to do. Only Python >= 3.11 and make are needed; all else goes to .venv.

PYTHON ?= python3
PORT ?= 5006
ORIGIN ?= localhost:$(PORT)
SECRETS ?= .secrets
ARGS ?=
# A page that lost its connection goes on where it was for a minute, and may come back at all for
# twelve hours.
SERVED := --warm --plugins dam_inventory.serving \
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
.PHONY: help serve serve-secure quick test test-long check format bench screenshots test-lowest constraints clean

help: ## list what there is to do
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1	/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

serve: $(VENV)/.serve ## serve the dashboard on this machine: make serve [PORT=5007] [ARGS=--dev]
	@echo "Dam Inventory: http://localhost:$(PORT)/dashboard (Ctrl+C stops it)"
	@exec $(BIN)/panel serve dashboard.py $(SERVED) --address 127.0.0.1 --port $(PORT) \
		--allow-websocket-origin localhost:$(PORT) --allow-websocket-origin 127.0.0.1:$(PORT) $(ARGS)

# A login is good for a day.
serve-secure: $(SECRETS)/sessions $(SECRETS)/cookies $(VENV)/.serve ## serve it with a login: make serve-secure [ORIGIN=dams.example.org]
	@echo "Dam Inventory: http://$(ORIGIN)/dashboard (Ctrl+C stops it); /logout logs out"
	@BOKEH_SIGN_SESSIONS=true; BOKEH_SECRET_KEY=$$(cat $(SECRETS)/sessions); \
		PANEL_COOKIE_SECRET=$$(cat $(SECRETS)/cookies); \
		export BOKEH_SIGN_SESSIONS BOKEH_SECRET_KEY PANEL_COOKIE_SECRET; \
		exec $(BIN)/panel serve dashboard.py $(SERVED) --address 127.0.0.1 --port $(PORT) \
		--auth-module auth.py --allow-websocket-origin $(ORIGIN) $(ARGS)

quick: $(VENV)/.test ## run the tests that need no server and no browser
	$(PYTEST) -m "not slow and not long" $(ARGS)

test: check ## lint, check the types and run all tests but the long ones: make test [ARGS="-k toast"]
	$(PYTEST) -m "not long" $(ARGS)

test-long: $(VENV)/.test ## run the long tests: attacks, nginx, crowds, leaks, many window sizes
	$(PYTEST) -m long $(ARGS)

check: $(VENV)/.test ## lint and check the types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.test ## lay out the code and repair what can be repaired
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench ## measure, one benchmark after the other: make bench [BENCH=benchmarks/X.py]
	@set -e; for benchmark in $(BENCH); do \
		echo "== $$benchmark"; PYTHONPATH=. $(BIN)/python "$$benchmark" $(ARGS); \
	done

screenshots: $(VENV)/.test ## take the pictures of the README anew
	PYTHONPATH=. $(BIN)/python docs/screenshots.py $(ARGS)

test-lowest: $(VENV)/.dev ## run all tests with the lowest version of everything in pyproject.toml
	$(UV) venv --clear --python $(BIN)/python $(VENV)-lowest
	$(UV) pip install --python $(VENV)-lowest/bin/python --resolution lowest-direct \
		--only-binary :all: --editable '.[test]'
	$(VENV)-lowest/bin/python -m pytest $(WORKERS) $(ARGS)

constraints: $(VENV)/.dev ## write constraints.txt after a change: make constraints [ARGS=--upgrade]
	$(UV) pip compile pyproject.toml --universal --python-version 3.11 --all-extras \
		--custom-compile-command "make constraints" --no-annotate --no-emit-index-url \
		--output-file constraints.txt $(ARGS)

clean: ## remove all that is made here, but no database
	rm -rf $(VENV) $(VENV)-lowest build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Made once: who has these may be anybody, and new ones end all logins.
$(SECRETS)/%: | $(BIN)/python
	@umask 077 && mkdir -p $(@D) && \
		$(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(32))' >$@

# One stamp per set of packages, so that they are installed again only after a change.
$(VENV)/.%: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing what \"make $*\" needs into $(VENV); the first time takes a minute or two ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.$(if $(filter serve,$*),,[$*])'
	@touch $@

# Not the package itself, so that `make constraints` works while the old pins contradict it.
$(VENV)/.dev: constraints.txt | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $< uv
	@touch $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "There is no $(PYTHON). Dam Inventory needs Python 3.11 or newer;" \
			"say which: make PYTHON=python3.12"; exit 1; } >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is $$($(PYTHON) --version 2>&1), but Dam Inventory needs 3.11 or newer;" \
			"say which: make PYTHON=python3.12"; exit 1; } >&2
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) can't make a virtual environment." \
			"On Debian and Ubuntu: apt-get install python3-venv"; exit 1; } >&2
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
