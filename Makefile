# Thin wrappers: start.py sees to the set-up that each of these needs.
PYTHON ?= python3
export UV_SYSTEM_CERTS = 1
COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url

.PHONY: run setup test check bench soak spec messages lock

run:
	$(PYTHON) start.py

setup test check bench soak spec:
	$(PYTHON) start.py $@

# New texts of the desk come into the English catalogue, empty; translate them there.
messages: setup
	.venv/bin/python -m tests.web.texts

# Versions move only here: delete a requirements file first to move its versions.
lock: setup
	$(COMPILE) pyproject.toml --extra build -o requirements.txt
	$(COMPILE) pyproject.toml --extra build --extra dev --extra train --extra names --extra ocr -c requirements.txt -o requirements-dev.txt
	$(COMPILE) pyproject.toml --extra spark -c requirements-dev.txt -o requirements-spark.txt
	$(COMPILE) pyproject.toml --extra bench -c requirements-dev.txt -o requirements-bench.txt
