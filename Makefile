# Everything a developer runs. On a fresh machine `make run` or `make test` is enough: each makes the environment first.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
ARGS ?=
BOOTSTRAP := .bootstrap
BIN := .venv/bin
UV := $(BOOTSTRAP)/bin/uv
PACKAGES := .venv/.stamp-packages
ENVIRONMENT := .venv/.stamp
BENCH_ENVIRONMENT := .venv/.stamp-bench
LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes

export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
unexport VIRTUAL_ENV

.PHONY: help env run smoke test check lint format types contracts hooks bench torture simulate lock clean

help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

env: $(ENVIRONMENT) ## make .venv from the hash-locked requirements

$(UV): requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed, $(PYTHON) is older or missing; name one: make env PYTHON=python3.13" >&2; exit 1; }
	rm -rf $(BOOTSTRAP)
	$(PYTHON) -m venv $(BOOTSTRAP)
	$(BOOTSTRAP)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	touch $(UV)

$(PACKAGES): $(UV) requirements/dev.txt
	test -x $(BIN)/python || $(UV) venv --quiet --python $(BOOTSTRAP)/bin/python .venv
	$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements/dev.txt
	touch $(PACKAGES)

$(ENVIRONMENT): $(PACKAGES) pyproject.toml
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $(ENVIRONMENT)

$(BENCH_ENVIRONMENT): $(ENVIRONMENT) requirements/bench.txt
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/bench.txt
	touch $(BENCH_ENVIRONMENT)

run: env ## migrate, publish the sample rules, make demo accounts, and serve on loopback
	$(BIN)/pricing-engine demo --serve

smoke: env ## the same on a free port: run the printed lines, then stop
	$(BIN)/pricing-engine smoke

test: env ## the whole suite, on SQLite and on PostgreSQL, in random order
	$(BIN)/pytest -n 2 --dist worksteal $(ARGS)

check: lint types contracts ## everything that needs no run

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: env ## rewrite the code in the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: env
	$(BIN)/mypy

contracts: env
	$(BIN)/lint-imports

hooks: env ## run the checks before every git commit
	$(BIN)/pre-commit install

bench: $(BENCH_ENVIRONMENT) ## the named workloads beside their floors and peers
	$(BIN)/python -m benchmarks

torture: env ## kill the service a thousand times on each database: nothing acknowledged is lost, nothing half done
	$(BIN)/python -m tests.torture

simulate: env ## how often statistics are right, over hundreds of simulated books of which the truth is known
	$(BIN)/python -m tests.simulated
	$(BIN)/python -m tests.simulated.forecast_books
	$(BIN)/python -m tests.simulated.leak_tables
	$(BIN)/python -m tests.simulated.discount_policies

lock: $(UV) ## pin the newest versions that requirements/*.in allow, by hash
	$(LOCK) --upgrade requirements/run.in -o requirements/run.txt
	$(LOCK) --upgrade requirements/dev.in -o requirements/dev.txt
	$(LOCK) --upgrade requirements/bench.in -o requirements/bench.txt
	$(LOCK) requirements/uv.in -o requirements/uv.txt

clean: ## remove what these targets made
	rm -rf .venv $(BOOTSTRAP) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
