# `make help` lists the targets. Everything a target needs, it installs first.
.DEFAULT_GOAL := help
.PHONY: help demo demo-destroy demo-shell test test-matrix test-all test-times lint format fuzz bench bench-emulator chaos audit docs pictures release-check env lock clean
SHELL := /bin/bash -o pipefail
# Hundreds of processes of the tests load the same modules: what one has compiled, the others read.
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3
# What is there already is left alone; the environment's own Python is taken once there is one.
SETUP = $(or $(wildcard .venv/bin/python),$(PYTHON)) -m tools.setup
READY := dev-ready
PUBLISH := .venv/.publish
COMPILE := .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.10 --generate-hashes --no-header \
    --no-annotate --quiet
SDKS := tests/engine/environments
ENGINE = engine=$$(.venv/bin/python -m tools.engine)
ACTIVE = $(ENGINE) && export VIRTUAL_ENV='$(CURDIR)/.venv' PATH="$(CURDIR)/.venv/bin:$$engine:$$PATH" &&

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 16

demo: demo-ready ## deploy a small company's links to the emulator, change them, and show them
	@$(ACTIVE) python -m tools.demo up

demo-destroy: demo-ready ## remove the demo's links, its state and the emulator's
	@$(ACTIVE) python -m tools.demo destroy

demo-shell: demo-ready ## a shell in which `pulumi` works on the demo's stack while the emulator runs
	@$(ACTIVE) python -m tools.demo shell

PYTEST := -n auto --dist loadgroup
test: env-ready browser lint ## every promise at least once: lint, types, layers, unit, client and engine tests
	@$(ACTIVE) python -m pytest $(PYTEST)

test-matrix: env-yaml-ready browser ## the same promises with the other API version and provider, other SDKs and languages
	@$(ACTIVE) python -m pytest $(PYTEST) --ring matrix

test-all: test test-matrix ## both rings

test-times: env-yaml-ready browser ## both rings in one run, and where its time goes
	@$(ACTIVE) python -m tests.times $(PYTEST) --ring all

lint: $(READY) ## format, lint, types and layers
	@.venv/bin/ruff format --check --quiet . && .venv/bin/ruff check --quiet .
	@.venv/bin/mypy neetocal_provider neetocal_emulator tools tests benchmarks __main__.py
	@.venv/bin/pyright --warnings
	@.venv/bin/lint-imports --no-logo

format: $(READY) ## format the code and sort imports
	@.venv/bin/ruff format --quiet . && .venv/bin/ruff check --quiet --fix .

FUZZ_MINUTES ?= 10
fuzz: $(READY) ## draw settings and answers for ten minutes, or for FUZZ_MINUTES
	@end=$$(( $$(date +%s) + 60 * $(FUZZ_MINUTES) )) && while [ $$(date +%s) -lt $$end ]; do \
	    NEETOCAL_FUZZ_EXAMPLES=3000 .venv/bin/python -m pytest -q --no-header --show-capture=no tests/test_properties.py \
	    || exit 1; done

bench: env-ready ## measure the provider beside others and write docs/benchmarks.md; CELLS="--links 1 40" is a part
	@$(ACTIVE) python -m benchmarks.provider $(CELLS) && python -m benchmarks.provider --render

bench-emulator: $(READY) ## measure the emulator on this machine
	@.venv/bin/python -m benchmarks.emulator

audit: $(READY) ## look for known vulnerabilities of the pinned dependencies
	@.venv/bin/python -m tools.audit

chaos: env-ready ## kill runs, let the API fail and load it, and write what becomes of the links to docs/fault-tests.md
	@$(ACTIVE) python -m tests.chaos --write $(PARTS)

docs: $(READY) $(PUBLISH) ## build the site in site/, and check its links
	@NO_MKDOCS_2_WARNING=1 .venv/bin/python -m mkdocs build --strict

pictures: env-ready browser ## take the pictures in docs/pictures/ anew, of a real run
	@$(ACTIVE) python -m tools.pictures

release-check: env-ready $(PUBLISH) ## build what is published, and try it as a stranger would get it; leaves it in dist/
	@$(ACTIVE) python -m tools.release

env: $(READY) ## print the exports that put the virtual environment and the engine on PATH
	@$(ENGINE) && \
	    echo "export VIRTUAL_ENV='$(CURDIR)/.venv' PATH='$(CURDIR)/.venv/bin:$$engine':\"\$$PATH\""

lock: $(READY) ## pin the newest allowed versions of all dependencies, with hashes and without addresses
	@$(COMPILE) --upgrade --extra emulator --group dev -o requirements.dev.lock
	@$(COMPILE) --upgrade --constraint requirements.dev.lock --extra emulator --group build -o requirements.lock
	@$(COMPILE) --upgrade --constraint requirements.dev.lock --group publish -o requirements.publish.lock
	@$(COMPILE) --upgrade --constraint requirements.lock -o $(SDKS)/newest.txt
	@$(COMPILE) --upgrade --constraint $(SDKS)/oldest.in -o $(SDKS)/oldest.txt

clean: ## remove the virtual environment and all caches of this clone; .demo/ stays
	@rm -rf .venv .setup.log .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# The tests of the emulator's page drive a real browser: Debian's, or any Chromium on PATH.
.PHONY: browser
browser:
	@command -v chromium >/dev/null || { \
	    echo "Installing Chromium from Debian's packages for the tests of the emulator's page; about a minute" >&2; \
	    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium; } >/dev/null \
	    || { echo "error: there is no Chromium on PATH: install it (apt-get install chromium) and run this again" >&2; exit 1; }; }

# What the demonstration needs; then with the tools of development too, without and with the engine; then for tests in YAML.
.PHONY: demo-ready dev-ready env-ready env-yaml-ready
demo-ready: python
	@$(SETUP) --engine

dev-ready: python
	@$(SETUP) --dev

env-ready: python
	@$(SETUP) --dev --engine

env-yaml-ready: python
	@$(SETUP) --dev --yaml

.PHONY: python
python:
	@test -x .venv/bin/python || \
	    $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed: make PYTHON=…")'

$(PUBLISH): requirements.publish.lock | $(READY)
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.publish.lock >&2
	@touch $@
