# The commands of this repository; `make help` lists them. Needed: make, git and Python 3.11 or newer with pip.

PYTHON ?= python3
VENV ?= .venv
TOOLS ?= .tools
# Tests wait a third of their time, so that one worker more than there are processors keeps these at work.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))

RUN := $(VENV)/bin/python
READY := $(VENV)/.setup-stamp
BOOTSTRAP := $(PYTHON) -I framework/bootstrap.py --tools $(TOOLS)
COMPILE := $(BOOTSTRAP) uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
FRAMEWORK := template/.framework
IMAGE := service-template-tooling

.DEFAULT_GOAL := help
.PHONY: help setup demo bench chaos chaos-proof test test-all test-browser fuzz e2e lint typecheck format lock in-image

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## install what is needed into .venv
	@echo "Ready. See the whole product at work with: make demo"

demo: $(READY) ## make a project, start it, and follow events through it
	$(RUN) -m tooling.demo

bench: $(READY) ## measure, and fail where a promise is broken: name=codegen|events|rest|template [peers=1]
	@test -n "$(name)" || { echo "Which? name=codegen, name=events, name=rest or name=template" >&2; exit 2; }
	@$(RUN) -m tooling.bench.$(name) $(if $(and $(peers),$(filter-out template events,$(name))),--peers) $(if $(rounds),--rounds $(rounds))

chaos: $(READY) ## kill and stop services and servers at random, then account for every event: [minutes=10] [seed=1] [db=sqlite]
	@$(RUN) -m tooling.chaos $(if $(minutes),--minutes $(minutes)) $(if $(seed),--seed $(seed)) $(if $(db),--db $(db))

chaos-proof: $(READY) ## break the runtime in every way that the rig must see
	@$(RUN) -m tooling.chaos --mutations

test: lint typecheck ## the gate: style, types, tests
	$(RUN) -m pytest -n $(WORKERS) --dist worksteal -m "not matrix"

test-all: lint typecheck $(VENV)/.validators ## the gate with every combination, instead of a choice of them
	$(RUN) -m pytest -n $(WORKERS) --dist worksteal

e2e: $(READY) ## make a project, add an operation over REST and events, generate, lint, test: modules=backend+tg_bot
	@test -n "$(modules)" || { echo "Which? modules=backend+tg_bot+notifications, or some of them" >&2; exit 2; }
	$(RUN) -m pytest "tests/copier/test_dual_operation.py::test_a_dual_operation[$(modules)]"

test-browser: $(VENV)/.browser ## a project's page in a real browser, if there is one (apt install chromium-headless-shell)
	$(RUN) -m pytest -rs tests/browser

fuzz: $(READY) ## break specs at random, an hour long: rounds=1000 for less
	$(RUN) -m tooling.fuzz $(if $(rounds),--rounds $(rounds))

lint: $(READY) ## check the style
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

typecheck: $(READY) ## check the types
	$(RUN) -m mypy

format: $(READY) ## put the code in shape
	$(RUN) -m ruff check --fix-only .
	$(RUN) -m ruff format .

# Pins that still fit are kept; remove a lock before this to have everything in it renewed.
lock: ## write the locks anew from the pyproject.toml files
	$(COMPILE) --all-extras -o requirements.lock pyproject.toml $(FRAMEWORK)/pyproject.toml
	$(COMPILE) --all-extras --no-annotate -c requirements.lock -o $(FRAMEWORK)/requirements.lock $(FRAMEWORK)/pyproject.toml
	$(COMPILE) --no-annotate -c requirements.lock -o $(FRAMEWORK)/copier.lock --group $(FRAMEWORK)/pyproject.toml:copier
	$(COMPILE) --no-annotate -c requirements.lock -o tooling/validators.lock tooling/validators.in
	$(COMPILE) --no-annotate -c requirements.lock -o tooling/browser.lock tooling/browser.in

# Anew after every set-up, which removes what is not in its own lock.
$(VENV)/.validators: tooling/validators.lock $(READY)
$(VENV)/.browser: tooling/browser.lock $(READY)

$(VENV)/.validators $(VENV)/.browser:
	$(BOOTSTRAP) uv pip install --python $(RUN) --require-hashes --requirement $<
	@touch $@

in-image: ## run targets where there is no Python, in a container as yourself: make in-image run="demo test"
	docker build --tag $(IMAGE) --build-arg USER_ID="$$(id -u)" --build-arg GROUP_ID="$$(id -g)" tooling
	docker run --rm --init --volume "$(CURDIR):$(CURDIR)" --workdir "$(CURDIR)" \
		--env HTTP_PROXY --env HTTPS_PROXY --env NO_PROXY --env PIP_INDEX_URL --env PIP_EXTRA_INDEX_URL \
		--env VENV=.venv-image --env TOOLS=.tools-image --env UV_CACHE_DIR="$(CURDIR)/.tools-image/cache" \
		$(IMAGE) make $(or $(run),help)

# The environment is made anew when what it is made from changes, or when its Python is gone.
$(READY): framework/bootstrap.py framework/bootstrap.lock requirements.lock $(if $(shell test -x $(RUN) && echo yes),,missing-python)
	@$(BOOTSTRAP) setup --venv $(VENV) --lock requirements.lock --import-root .

.PHONY: missing-python
missing-python:
