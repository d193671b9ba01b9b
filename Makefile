# Plain `make` prints this list. The environment lives in .venv and is made on first use.
.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv
RUN := $(VENV)/bin/python -m
PORT ?= 8000
export HF_HUB_OFFLINE := 1

.PHONY: help serve test check fix bench train evaluate

help: ## print this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

serve: $(VENV)/.serve ## set up what serving needs and serve at http://localhost:8000 with demonstration data (PORT=… for another)
	RQ_DEMO_MODE=$${RQ_DEMO_MODE:-true} $(RUN) api serve --port $(PORT)

test: $(VENV)/.dev $(VENV)/.browser $(VENV)/.database $(VENV)/.oidc ## set up everything and run all tests
	$(RUN) pytest -n 2 -q

check: $(VENV)/.dev ## format check, lint, types, import contracts
	$(VENV)/bin/ruff format --check . && $(VENV)/bin/ruff check . && $(VENV)/bin/mypy && $(VENV)/bin/lint-imports

fix: $(VENV)/.dev ## format and mend what can be mended by machine
	$(VENV)/bin/ruff format . && $(VENV)/bin/ruff check --fix .

bench: $(VENV)/.dev ## time assessments, bulk scoring, start-up and memory
	$(RUN) evaluation bench

train: $(VENV)/.serve ## train the TF-IDF reader from the corpus (some three minutes; LOCAL=… with a council's own labels)
	$(RUN) models train models/configs/tfidf.toml $(if $(LOCAL),--local $(LOCAL) --output $(or $(CANDIDATE),$(LOCAL)/candidate))

evaluate: $(VENV)/.dev ## measure on dev, on unread authors and on authors left out, and write the report
	$(RUN) evaluation run

$(VENV)/bin/python:
	@echo "== making the environment in $(VENV) (once)"
	$(PYTHON) -m venv $(VENV)

$(VENV)/.serve: requirements/serve.txt | $(VENV)/bin/python
	@echo "== installing what serving needs (once; a minute or two)"
	$(VENV)/bin/pip install --quiet --require-hashes -r requirements/serve.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/bin/python
	@echo "== installing what the tests need (once; two or three minutes)"
	$(VENV)/bin/pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@ $(VENV)/.serve

# Browser tests drive Debian's Chromium: Playwright's own download is not used.
$(VENV)/.browser: | $(VENV)/bin/python
	@if command -v chromium >/dev/null; then echo "== Chromium is here"; \
	elif [ "$$(id -u)" = 0 ]; then echo "== installing Chromium with apt (once)"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-liberation; \
	else echo "Chromium was not found: install the packages chromium and fonts-liberation, then run make test again"; exit 1; fi
	@touch $@

# Tests of the store start a PostgreSQL of their own.
$(VENV)/.database: | $(VENV)/bin/python
	@if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then echo "== PostgreSQL is here"; \
	elif [ "$$(id -u)" = 0 ]; then echo "== installing PostgreSQL with apt (once)"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql; \
	else echo "PostgreSQL was not found: install the package postgresql, then run make test again"; exit 1; fi
	@touch $@

# The sign-in tests run a certified OpenID provider, which is of npm; without it they are skipped.
$(VENV)/.oidc: tests/oidc/package-lock.json | $(VENV)/bin/python
	@if ! command -v npm >/dev/null && [ "$$(id -u)" = 0 ]; then echo "== installing Node with apt (once)"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nodejs npm || true; fi
	@if command -v npm >/dev/null; then echo "== installing the OpenID provider of the tests (once)"; \
	  npm ci --prefix tests/oidc --silent --no-audit --no-fund && touch $@; \
	else echo "Node was not found: the test with a real OpenID provider will be skipped (install nodejs and npm)"; fi
