# Two words are enough: `make test` checks everything, `make results` runs the quickstart.
CARGO   ?= cargo
PYTHON  ?= python3
VENV    := .venv
PROFILE := --release
PROGRAM := $(or $(CARGO_TARGET_DIR),target)/release/recsafe

# The experiments that the notebooks read, and what makes each small; the notebooks say the same commands.
NOTEBOOK_DATA := quickstart teen-packages removal-wave probe-or-population what-matters
small.teen-packages       := --seeds 12 --set population.accounts=1500
small.removal-wave        := --arms wave,wave-and-network,wave-and-shared-signals --seeds 4 --set experiment.days=28
small.probe-or-population := --set population.accounts=2500
small.what-matters        := --set population.accounts=1200 --set experiment.days=14

define newline


endef
# $(call make-data,PROGRAM,ROOT,OPTIONS): each experiment's results, in a folder of its own below ROOT.
make-data = $(foreach name,$(NOTEBOOK_DATA),$(1) run experiments/$(name).toml $(strip $(small.$(name)) --out $(2)/$(name) --overwrite $(3))$(newline))
# $(call with-data,ROOT): where notebooks and their tests look for it.
with-data = RECSAFE_RESULTS=$(CURDIR)/$(1)/quickstart RECSAFE_RESULTS_ROOT=$(CURDIR)/$(1)

.PHONY: test results check-format lint docs api guide unit properties golden worlds end-to-end browser chromium notebooks clean validation bench

test: check-format lint api unit end-to-end browser
	@echo "all checks passed"

check-format:
	$(CARGO) fmt --all --check
	rustfmt --edition 2024 --check $$(git ls-files '*.rs')

lint:
	$(CARGO) clippy $(PROFILE) --workspace --all-targets -- -D warnings

# The API's docs, and the guide in docs/: its commands, experiments, links and generated pages. `unit` checks the guide too.
docs: api guide

api:
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc $(PROFILE) --workspace --no-deps

guide:
	$(CARGO) test $(PROFILE) --workspace --test guide --test docs

unit:
	$(CARGO) test $(PROFILE) --workspace

# Random experiments by the thousand; `unit` tries 500 of them.
properties:
	PROPTEST_CASES=$(or $(PROPTEST_CASES),10000) $(CARGO) test $(PROFILE) --workspace --test properties

# Mints the hashes of the golden worlds anew; refused until CHANGELOG.md says what moves.
golden:
	RENEW=1 $(CARGO) test $(PROFILE) --workspace --test golden golden_worlds -- --nocapture

# Makes the newest release of the world from the code's defaults; refused once its version is out.
worlds:
	RENEW=1 $(CARGO) test $(PROFILE) --workspace --test releases the_newest_release_is

results:
	$(CARGO) run $(PROFILE) -- run experiments/quickstart.toml --overwrite

# The notebooks' data are made afresh in a folder of their own, read by Python's tests, and read by every notebook.
# The program is the one that the tests were made with: built once, not twice.
end-to-end: $(VENV)/ready unit
	$(call make-data,$(PROGRAM),target/notebooks,--quiet)
	$(PROGRAM) compare target/notebooks/quickstart
	$(call with-data,target/notebooks) $(VENV)/bin/python -m pytest -q notebooks/tests
	$(call with-data,target/notebooks) $(VENV)/bin/python -m pytest -q --nbmake --nbmake-timeout=600 notebooks/*.ipynb

# The report in a real browser.
browser: $(VENV)/ready unit chromium
	RECSAFE=$(abspath $(PROGRAM)) $(VENV)/bin/python -m pytest -q sim/recsafe/tests/browser

# By the system's package manager where that may be; else says what to type.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } || \
	{ echo "Chromium is missing: type  sudo apt-get install chromium"; exit 1; }

# Runs the notebooks on fresh results, keeps their outputs in the files, and renews the README's picture.
notebooks: $(VENV)/ready
	$(call make-data,$(CARGO) run $(PROFILE) --,results)
	$(call with-data,results) RECSAFE_PICTURE=$(CURDIR)/docs/quickstart.png \
		$(VENV)/bin/jupyter nbconvert --to notebook --execute --inplace notebooks/*.ipynb

$(VENV)/ready: notebooks/pyproject.toml
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: type  sudo apt-get install python3-venv"; exit 1; }
	$(VENV)/bin/pip install --quiet --disable-pip-version-check ./notebooks
	@touch $@

# The page of all validation: half an hour on two cores.
validation:
	$(CARGO) run $(PROFILE) -- validate --page docs/validation.md --date "$$(date -u +%F)"

# Benches, and one table of them with ratios to the floor.
bench:
	$(CARGO) bench --workspace --bench engine
	$(CARGO) run $(PROFILE) --workspace --example bench_table

clean:
	rm -rf target results $(VENV)
