# Two commands on a fresh machine: `make chat` and `make test`. Both make .venv first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: chat test check unit index bench clean

chat: .venv/ready
	$(BIN)/lesson-qa index build
	$(BIN)/lesson-qa chat $(ARGS)

test: check unit  ## everything CI checks

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: .venv/ready
	$(BIN)/python -m pytest

bench: .venv/ready
	$(BIN)/python -m tests.bench.bench_encoder

# constraints.txt pins every version; torch comes first, alone, so that no other package's looser
# range chooses it.
.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

clean:
	rm -rf .venv build *.egg-info
