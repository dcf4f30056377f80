# Everything a newcomer types. Needs Python 3.11 and make; the rest it installs into .venv and a cache.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
PERSONS ?= 2000
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test unit check bench quality up lock clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/ready ## Set up everything and show the main job, end to end, on real servers
	@$(BIN)/isthmus demo --persons $(PERSONS)

test: .venv/ready ## Set up everything and pass all tests, on a stack of their own
	@$(BIN)/pytest tests/unit tests/house tests/contract tests/integration tests/e2e

unit: .venv/ready ## Pass the fast tests, which need no server
	@$(BIN)/pytest tests/unit tests/house tests/contract

check: .venv/ready ## Check style, types, floors and the compatibility of the contracts
	@$(BIN)/ruff format --check --quiet . || (echo "Run '.venv/bin/ruff format .'" && false)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/isthmus contracts check

bench: .venv/ready ## Measure speed as ratios to ceilings of the same run, into var/bench.json
	@$(BIN)/isthmus bench

quality: .venv/ready ## Measure accuracy on the real data that ISTHMUS_DATA names, into var/quality.json
	@$(BIN)/isthmus quality

up: .venv/ready ## Start all services and stay, until Ctrl-C
	@$(BIN)/isthmus up

lock: .venv/ready ## Compile requirements.lock anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet pyproject.toml --all-extras --group dev --python-version 3.11 --universal \
		--generate-hashes --no-header --no-emit-index-url --no-emit-find-links --output-file requirements.lock

clean: ## Remove the environment and the caches of the tools, not the data
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| (echo "Isthmus needs Python 3.11 or newer; install it, or name one: make PYTHON=python3.11" && false)
	@echo "Installing into .venv ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement bootstrap.lock
	@$(BIN)/uv pip sync --quiet --require-hashes --compile-bytecode requirements.lock
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch .venv/ready
