# Everything starts from a fresh clone: each target first makes the virtual environment from the lock file.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo migrate run test crash simulate check texts gallery bench lock clean

demo: $(VENV)/ready            ## the whole product on this machine: chat, sample registry, calendar; ARGS=--fresh starts over
	$(BIN)/python -m bot demo $(ARGS)

migrate: $(VENV)/ready         ## the database of the environment gets this version's tables
	$(BIN)/python -m bot migrate

run: $(VENV)/ready             ## the service, with settings from the environment
	$(BIN)/python -m bot run

test: $(VENV)/ready-dev        ## every test, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n auto --dist worksteal

crash: $(VENV)/ready-dev       ## kill the real service some hundred times, count what came of it; ARGS="--kills 200 --seed 7"
	$(BIN)/python -m tests.crash $(ARGS)

simulate: $(VENV)/ready-dev    ## years of a random town with crashes at every statement; ARGS="--seed 123 --steps 5000" lives one seed again
	$(BIN)/python -m tests.simulation $(ARGS)

check: $(VENV)/ready-dev       ## style, types, layers, catalogs
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.texts --check

texts: $(VENV)/ready-dev       ## extract what is said, update the catalogs
	$(BIN)/python -m tools.texts

gallery: $(VENV)/ready-dev     ## every screen and notice, both languages, all channels, on one page
	$(BIN)/python -m tests.gallery build/gallery.html

bench: $(VENV)/ready-dev .venv-bench/ready  ## speed beside the field's frameworks, memory, start (half an hour); ARGS="turn vk" for a part
	$(BIN)/python -m bench $(ARGS)

lock: $(VENV)/ready-dev        ## renew the lock files from pyproject.toml
	$(BIN)/uv pip compile --universal --generate-hashes --no-header -q pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --universal --generate-hashes --no-header -q pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	$(BIN)/uv pip compile --universal --generate-hashes --no-header -q --group bench -c requirements.txt -o bench/requirements.txt

$(VENV)/ready: requirements.txt
	@echo 'Installing what is needed: a minute or two, once.'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/ready-dev: requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

.venv-bench/ready: bench/requirements.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r bench/requirements.txt
	touch $@

clean:
	rm -rf $(VENV) .venv-bench build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
