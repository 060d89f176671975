# The commands of the project. Each makes .venv itself, from the pinned files in requirements/,
# and is quick the second time: a stamp in .venv says what is installed.

# bash, for pipefail: a filtered pip still fails.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python -m
PIP := $(RUN) pip install --disable-pip-version-check
NEWS := grep --line-buffered -vE '^(Requirement already|Looking in) ' || test $$? = 1
OTHER_PYTHONS := 3.12 3.13

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check bench fuzz docs \
        format format-check lint types mypy pyright verifytypes checkers floors ignores docs-check pytest other-pythons clean

help:
	@echo "make demo    serve the tutorial's blog on this machine and print its address"
	@echo "make test    every check and every test (some minutes)"
	@echo "make check   format, lint, types, known public types, floors, ignores"
	@echo "make bench   compare speed with other frameworks"
	@echo "make fuzz    compare quick ways with general ones on 200,000 cases of each kind"
	@echo "make docs    write the generated tables of the manual anew and check its links"
	@echo "make format  format the code and make the repairs that are safe"
	@echo "PYTHON=...   the Python to make $(VENV) with (CPython 3.11 or newer)"

# --- for users ---------------------------------------------------------------------------

demo: $(VENV)/.installed-demo
	@$(VENV)/bin/python examples/flaskr/demo.py

bench: $(VENV)/.installed-bench
	@$(RUN) benchmarks

# CASES=1000000 asks for more than the usual 200,000 of each kind.
fuzz: $(VENV)/.installed-dev
	@$(VENV)/bin/python tools/fuzz.py $(CASES)

docs: $(VENV)/.installed-runtime
	@$(VENV)/bin/python docs/build.py

# One after the other, the quickest answers first.
test:
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory docs-check
	@$(MAKE) --no-print-directory pytest
	@$(MAKE) --no-print-directory other-pythons
	@echo "==> every check and test passed"

check: format-check lint ignores floors mypy pyright verifytypes

# --- the single steps --------------------------------------------------------------------

format: $(VENV)/.installed-dev
	@$(RUN) ruff check --fix --exit-zero --quiet .
	@$(RUN) ruff format .

format-check: $(VENV)/.installed-dev
	@echo "==> format"
	@$(RUN) ruff format --check .

lint: $(VENV)/.installed-dev
	@echo "==> lint"
	@$(RUN) ruff check .

types: mypy pyright verifytypes

mypy: $(VENV)/.installed-dev
	@echo "==> types, mypy strict (the first time up to a minute)"
	@$(RUN) mypy

pyright: $(VENV)/.installed-dev
	@echo "==> types, pyright strict (about half a minute)"
	@$(VENV)/bin/basedpyright

verifytypes: $(VENV)/.installed-dev
	@echo "==> public types, pyright --verifytypes on an installed copy"
	@$(VENV)/bin/python tools/verifytypes.py

checkers: $(VENV)/.installed-dev
	@echo "==> what each type checker finds in tests/typing"
	@$(VENV)/bin/python tools/checkers.py

floors: $(VENV)/.installed-dev
	@echo "==> floors"
	@$(VENV)/bin/lint-imports --no-logo --no-cache

ignores: $(VENV)/.installed-dev
	@echo "==> ignore comments"
	@$(VENV)/bin/python tools/ignores.py

docs-check: $(VENV)/.installed-dev
	@echo "==> docs"
	@$(VENV)/bin/python docs/build.py --check

pytest: $(VENV)/.installed-dev
	@echo "==> tests, with coverage"
	@$(RUN) pytest -n auto --cov --cov-report=term

other-pythons: $(VENV)/.installed-dev
	@for version in $(OTHER_PYTHONS); do sh tools/test_on.sh $$version || exit 1; done

clean:
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* build dist

# --- environments ------------------------------------------------------------------------

$(VENV)/bin/python:
	@python=$$(sh tools/find_python.sh "$(PYTHON)") && \
	    echo "==> making $(VENV) with $$python" && \
	    "$$python" -m venv $(VENV)

$(VENV)/.installed-%: requirements/*.txt pyproject.toml | $(VENV)/bin/python
	@echo "==> installing requirements/$*.txt into $(VENV)"
	@$(PIP) -r requirements/$*.txt | { $(NEWS); }
	@$(PIP) --quiet --no-deps --no-build-isolation -e .
	@touch $@
