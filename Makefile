# Two commands on a fresh machine: `make chat` and `make test`. Both make .venv first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: chat test check unit gate evaluate tune reader bench clean

chat: .venv/ready
	$(BIN)/lesson-qa index build
	$(BIN)/lesson-qa chat $(ARGS)

test: check unit gate  ## everything CI checks

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: .venv/ready  ## two at once, each on a core of its own
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile

gate: .venv/ready  ## answers must not have got significantly worse
	$(BIN)/lesson-qa evaluate --gate --split held --report tests/artefacts/evaluation

evaluate: .venv/ready
	$(BIN)/lesson-qa evaluate --report report $(ARGS)

tune: .venv/ready  ## every tuned number again, from the development questions
	$(BIN)/python -m ui.tuning $(ARGS)

reader: .venv/ready  ## the packaged reader taught again, from corpus/reading: hours on two cores
	$(BIN)/python -m ui.reader_training $(ARGS)

bench: .venv/ready
	$(BIN)/python -m tests.bench.bench_encoder
	$(BIN)/python -m tests.bench.bench_answer
	$(BIN)/python -m tests.bench.bench_page

# constraints.txt pins every version; torch comes first, alone, so that no other package's looser
# range chooses it.
.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

clean:
	rm -rf .venv build *.egg-info
