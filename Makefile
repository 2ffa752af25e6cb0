# Every target sets up what it needs: only Python 3.11 or newer and make must be there.

PYTHON := $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
BIN := .venv/bin
READY := .venv/ready

.PHONY: run test test-all trust lint docs bench clean

## run       train the fingers and show the map growing (results/finger_expansion); it ends by naming the report to open
run: $(READY)
	$(BIN)/cortex run finger_expansion

## test      all tests but the slow ones
test: $(READY)
	$(BIN)/pytest -n 2 -m "not slow"

## test-all  all tests
test-all: $(READY)
	$(BIN)/pytest -n 2

## trust     what happens when things go wrong, the short form of docs/trust.md; three minutes
trust: $(READY)
	$(BIN)/python -m benchmarks.trust --quick

## lint      style, types and import direction; the Dockerfile
lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/hadolint Dockerfile
	$(BIN)/mypy
	$(BIN)/lint-imports

## docs      the documentation as a site, build/site/index.html; warnings are errors; about four minutes
docs: .venv/docs
	$(BIN)/python -m docs.build.model
	rm -rf build/site docs/examples docs/gallery/results
	cd docs && ../$(BIN)/sphinx-build -q -n -W --keep-going -b html -d ../build/doctrees . ../build/site
	@echo build/site/index.html

## bench     how fast it is (docs/benchmarks.md); about half an hour, and NEST and ANNarchy only where they are installed
bench: $(READY)
	$(BIN)/python -m benchmarks

## clean     remove what make installed; results stay
clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find cortex models scenarios tests -name __pycache__ -prune -exec rm -rf {} +

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11 or newer found; install one, for example: apt install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "error: $(PYTHON) cannot make virtual environments; install them, for example: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $(READY)

.venv/docs: $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[docs]'
	@touch $@
