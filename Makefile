# Everything a person or CI does here. Works from any directory: make -C path/to/wharf test
ROOT := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
BIN := .venv/bin
ROOMS := schemas tables streams adapters ops
ARGS ?=
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
.PHONY: help setup prepare demo test fast marked lint format bench rush model kills chaos chaos-planted lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  make \1\t/' | expand -t 18

setup:  ## virtual environment with all packages, quick the second time
	@cd "$(ROOT)" && ops/house/setup

prepare: setup  ## Java, Kafka's jars and Redis, from this machine, apt, wheels and Maven
	@cd "$(ROOT)" && $(BIN)/python -m ops.house.prepare

demo: setup  ## the main job, live; for example ARGS=--once
	@cd "$(ROOT)" && $(BIN)/wharf demo $(ARGS)

test: fast marked  ## all tests

fast: setup  ## the tests that need no broker
	@cd "$(ROOT)" && echo "== tests without a broker" && $(BIN)/pytest -n 2 -m "not (broker or kafka or slow)" --durations 10 $(ARGS)

marked: prepare  ## the tests on brokers, real and embedded, and the slow ones
	@cd "$(ROOT)" && echo "== slow tests without a broker"
	$(BIN)/pytest -n 2 -m "slow and not (broker or kafka)" --durations 10 $(ARGS)
	echo "== tests on brokers"
	$(BIN)/pytest -n 2 --dist loadfile -m "(broker or kafka) and not alone" --durations 15 -rs $(ARGS)
	echo "== tests that need the machine to themselves"
	$(BIN)/pytest -m "(broker or kafka) and alone" --durations 10 -rs $(ARGS)

lint: setup  ## style, types, the import rule, the contract
	@cd "$(ROOT)"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --output-format concise .
	$(BIN)/mypy $(ROOMS)
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/wharf schemas check

format: setup  ## write the style
	@cd "$(ROOT)" && $(BIN)/ruff check --fix-only . && $(BIN)/ruff format .

bench: prepare  ## the README's figures, on this machine
	@cd "$(ROOT)" && $(BIN)/python -m ops.bench $(ARGS)

rush: prepare  ## 1,000 buyers at once for the last 100 units, twenty times, the stock's owner killed; ARGS="--rounds N"
	@cd "$(ROOT)" && $(BIN)/python -m ops.stock.rush $(ARGS)

model: setup  ## every interleaving of small worlds of stock; WHARF_MODEL=nightly for all of it
	@cd "$(ROOT)" && $(BIN)/pytest tests/model -s $(ARGS)

chaos: prepare  ## everything around a running wharf breaks, judged from outside; ARGS="--seed N --size ci|campaign|kills"
	@cd "$(ROOT)" && $(BIN)/python -m ops.chaos $(ARGS)

kills: prepare  ## twenty SIGKILLs of every process during 5,000 orders on real Kafka
	@cd "$(ROOT)" && $(BIN)/python -m ops.chaos --size kills $(ARGS)

chaos-planted: prepare  ## known bugs, planted one at a time into a copy: which check finds each, and after how long
	@cd "$(ROOT)" && $(BIN)/python -m ops.chaos.planted $(ARGS)

lock: setup  ## write requirements.lock from requirements.in
	@cd "$(ROOT)" && $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --upgrade -q -o requirements.lock requirements.in --no-emit-index-url

clean:  ## remove what was made here
	@cd "$(ROOT)" && rm -rf .venv .build .wharf .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
