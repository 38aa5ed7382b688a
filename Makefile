# Comity. `make` lists the commands; what each needs is made first, and only once.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8000
export COMITY_DATA ?= $(CURDIR)/var
# A path given relative to this folder stays right wherever a command is run.
override COMITY_DATA := $(abspath $(COMITY_DATA))

VENV := .venv
BIN := $(VENV)/bin
OUR_PYTHON := $(BIN)/python
# Each stamp says "this step was done, with the files as they are now".
DONE := $(VENV)/done
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Python compiles what it imports, so pip need not compile all there is. It keeps it, also where it was told not to: a command
# that compiles all it imports takes two seconds longer to begin.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(OUR_PYTHON) -m pip install --quiet --no-compile --require-hashes

.PHONY: help setup assets demo serve test test-postgresql test-all test-days mutants bench bench-kills duplicates lint lock clean

help: ## List the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(DONE)/package $(DONE)/assets $(DONE)/words ## Install everything into .venv, build the assets, prepare the database
	@$(BIN)/comity migrate >/dev/null
	@echo "Ready. Try: make demo"

demo: export COMITY_DEMO := 1
demo: export COMITY_ADDRESS ?= http://localhost:$(PORT)
demo: setup ## Show Comity with the sample state (PORT=8000; FRESH=1 begins anew)
	@$(BIN)/comity demo --if-missing $(if $(FRESH),--fresh)
	@exec $(BIN)/comity serve --port $(PORT)

serve: setup ## Serve this installation on PORT
	@exec $(BIN)/comity serve --port $(PORT)

test: setup $(DONE)/dev $(DONE)/spark ## Run the whole suite on SQLite, browser tests included
	@tools/test

test-postgresql: setup $(DONE)/dev ## Run what can differ there on a PostgreSQL of its own
	@tools/with-postgresql tools/test --no-browser @comity/testing/on_postgresql.txt

test-all: setup $(DONE)/dev $(DONE)/spark ## Run all there is: every role and look, both databases whole, a second accessibility checker
	@SUITE_ALL=1 tools/test
	@SUITE_ALL=1 tools/with-postgresql tools/test --no-browser --ignore=comity/core

test-days: setup $(DONE)/dev ## Run the suite, without the browser, on the days of the year that bite
	@tools/test-days

mutants: $(DONE)/mutants ## Ask whether the tests of core notice a change of its code (FRESH=1 begins anew)
	@tools/mutants $(if $(FRESH),--fresh)

bench: setup ## Measure the speed table of docs/performance.md
	@$(OUR_PYTHON) -m comity.demo.bench

bench-kills: setup ## Kill import, sending, opening, answering and merging 200 times each (KILLS=200)
	@$(OUR_PYTHON) -m comity.demo.bench.kills $(KILLS)

duplicates: setup ## Print how many of the labelled pairs of docs/duplicates.md are found
	@$(OUR_PYTHON) -m comity.partners.duplicates.measuring

lint: setup $(DONE)/dev ## Check style, types, walls between rooms and migrations
	ruff check comity tools manage.py
	ruff format --check comity tools manage.py
	lint-imports
	mypy
	$(OUR_PYTHON) manage.py makemigrations --check --dry-run

lock: $(DONE)/dev ## Pin every library anew, with hashes
	@tools/lock

clean: ## Remove what set-up made; data under COMITY_DATA stays
	rm -rf $(VENV) node_modules comity/ui/static/vendor
	find comity -name '*.mo' -delete

assets: $(DONE)/assets ## Build the theme and the fonts

# --- steps -----------------------------------------------------------------------------------------------------------

$(DONE)/venv:
	@tools/venv $(VENV)
	@mkdir -p $(DONE) && touch $@

$(DONE)/libraries: requirements.txt | $(DONE)/venv
	@echo "Installing the libraries ..."
	@$(PIP) --requirement requirements.txt
	@touch $@

$(DONE)/package: pyproject.toml $(DONE)/libraries
	@$(OUR_PYTHON) -m pip --quiet install --no-deps --no-build-isolation --editable .
	@touch $@

$(DONE)/dev: requirements-dev.txt $(DONE)/package
	@echo "Installing the tools for tests and checks ..."
	@$(PIP) --requirement requirements-dev.txt
	@touch $@

$(DONE)/spark: requirements-spark.txt $(DONE)/dev
	@echo "Installing Spark for the tests of both engines (half a gigabyte) ..."
	@$(PIP) --requirement requirements-spark.txt
	@touch $@

$(DONE)/mutants: requirements-mutants.txt $(DONE)/dev
	@$(PIP) --requirement requirements-mutants.txt
	@touch $@

$(DONE)/node: package-lock.json requirements-node.txt .npmrc | $(DONE)/venv
	@command -v npm >/dev/null || { echo "There is no npm here: installing Node.js into $(VENV) ..."; \
		$(PIP) --requirement requirements-node.txt; }
	@echo "Fetching the browser libraries ..."
	@npm ci --silent
	@touch $@

$(DONE)/assets: $(DONE)/node assets/build.mjs $(shell find comity/ui/theme -type f)
	@npm run --silent build
	@touch $@

$(DONE)/words: $(wildcard comity/*/locale/*/LC_MESSAGES/*.po) $(DONE)/libraries
	@tools/words
	@touch $@
