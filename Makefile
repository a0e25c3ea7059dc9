# `make` lists what there is. Needs only make (GNU make 3.81 or newer) and
# Python 3.11 to 3.13; everything else is installed into .venv.

VENV  := .venv
PY    := $(VENV)/bin/python
READY := $(VENV)/.ready
# Another interpreter: make env PYTHON=/path/to/python3.12
PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11 python; do \
	$$candidate tools/can_run.py >/dev/null 2>&1 && { echo $$candidate; break; }; done)
NBVAL := --nbval --nbval-current-env --nbval-sanitize-with=tests/nbval_sanitize.cfg \
	--nbval-cell-timeout=120 -n 2 --dist loadscope
FIRST := notebooks/00_start_here.ipynb
# In a container one is often root, where JupyterLab wants to be told so.
AS_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help env lab app run test test-all lint unit unit-all lessons notebooks claims \
	site bench environment lock hooks clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

env: $(READY)  ## install everything into .venv, once

$(READY): requirements.lock pyproject.toml
	@test -x $(PY) || test -n "$(PYTHON)" || { \
	echo "Lead Lab needs Python 3.11, 3.12 or 3.13 with venv, and found none."; \
	echo "Install one (Debian and Ubuntu: python3 and python3-venv), or name it:"; \
	echo "    make env PYTHON=/path/to/python3.12"; exit 1; } >&2
	@echo "Installing into $(VENV): some minutes the first time"
	test -x $(PY) || $(PYTHON) -m venv --clear $(VENV)
	$(PY) -m pip install --require-hashes -r requirements.lock
	$(PY) -m pip install --no-deps --no-build-isolation -e .
	mkdir -p $(VENV)/share/jupyter/lab/settings
	cp tools/lab_settings.json $(VENV)/share/jupyter/lab/settings/overrides.json
	touch $@

lab: env  ## open JupyterLab on the first lesson
	$(PY) -m jupyterlab $(AS_ROOT) --LabApp.default_url=/lab/tree/$(FIRST)

app: env  ## serve every explorer as a page without code, for a class
	$(VENV)/bin/simlib app

run: env  ## print the baseline study: funnel, cost ladder, payback by source
	$(VENV)/bin/simlib run baseline --replications 20 --pictures build/pictures

test: lint unit lessons  ## check everything: style, types, unit tests, every lesson

test-all: lint unit-all lessons  ## the same with the slow tests

lint: env  ## check style, types and who imports what
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

unit: env  ## run the unit tests
	$(PY) -m pytest -n 2

unit-all: env
	$(PY) -m pytest -n 2 -m "slow or not slow"

lessons: env  ## run every notebook and compare with its stored outputs
	$(PY) -m pytest $(NBVAL) notebooks

notebooks: env  ## re-execute the lessons and store their outputs
	$(PY) tools/execute_notebooks.py notebooks

claims: env  ## try all claims and write docs/claims.md: half an hour, the first time
	$(PY) tools/make_claims.py

site: env  ## make the static site in build/site: lessons and sliders without a kernel
	$(PY) tools/make_site.py

bench: env  ## measure the engines side by side
	$(PY) benchmarks/bench.py

environment: env  ## rewrite environment.yml from pyproject.toml
	$(PY) tools/make_environment.py

# Newest versions everywhere: make lock UPGRADE=--upgrade
lock:  ## rewrite requirements.lock from pyproject.toml
	test -x $(PY) || $(PYTHON) -m venv --clear $(VENV)
	$(PY) -m pip install --quiet uv
	UV_PYTHON_DOWNLOADS=never $(PY) -m uv pip compile pyproject.toml --all-extras \
	--universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" --quiet $(UPGRADE) -o requirements.lock

hooks: env  ## check each commit before it is made (pre-commit)
	$(PY) -m pre_commit install

clean:  ## remove .venv and everything that tools left behind
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf build dist
	find . -name __pycache__ -prune -exec rm -rf {} +
