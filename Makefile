# make        sets up .venv and builds examples/ into build/
# make test   sets up .venv and runs everything that CI runs

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: all test lint clean

all: $(READY)
	$(BIN)/nianbao build examples -o build

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/pytest -n auto

clean:
	rm -rf build $(VENV)
