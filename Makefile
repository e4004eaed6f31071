# Pinyuan (品源). `make` prints help. Everything is installed into .venv from requirements.lock.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
READY := $(VENV)/.ready
CATALOGUES := $(wildcard ledger/texts/locale/*/LC_MESSAGES/*.po)

.PHONY: help setup demo test lint check rules texts migrations lock clean

help: ## Print this help.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "python3-venv is missing: install it (Debian: apt-get install python3-venv)"; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

$(READY): $(INSTALLED) $(CATALOGUES)
	@$(BIN)/python tools/build_texts.py
	@touch $@

setup: $(READY) ## Install everything into .venv.

demo: $(READY) ## Tell the story: register, prove, export, check offline. Leaves var/demo/.
	@$(BIN)/pinyuan demo var/demo

test: $(READY) ## Run the tests.
	@$(BIN)/python -m pytest -n auto

lint: $(READY) ## Formatting, lint, types, floors.
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache

migrations: $(READY) ## The migrations make the tables that the code has.
	@$(BIN)/python -m pytest tests/store/test_schema.py

check: lint test migrations ## Everything that must hold before a commit.

rules: $(READY) ## Write the published document of the rules, and the tables of FORMATS.md.
	@$(BIN)/python tools/make_formats.py

texts: $(READY) ## Bring the catalogues of texts up to date with the source, and compile them.
	@$(BIN)/python tools/make_texts.py

lock: $(READY) ## Pin the dependencies anew, with hashes.
	@uv pip compile --universal --generate-hashes --extra server --extra tables --extra parquet --extra pdf --extra timestamps --extra draws --group dev pyproject.toml -o requirements.lock --quiet

clean: ## Remove what was made.
	@rm -rf $(VENV) var build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
