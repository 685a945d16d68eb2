# Two words are enough: `make test` checks everything, `make results` runs the quickstart.
CARGO   ?= cargo
PYTHON  ?= python3
VENV    := .venv
PROFILE := --release
PROGRAM := $(or $(CARGO_TARGET_DIR),target)/release/recsafe

.PHONY: test results check-format lint docs api guide unit end-to-end browser chromium notebooks clean

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

results:
	$(CARGO) run $(PROFILE) -- run experiments/quickstart.toml --overwrite

# The quickstart's results are made afresh in a folder of their own, read by Python, and read by the notebook.
# The program is the one that the tests were made with: built once, not twice.
end-to-end: $(VENV)/ready unit
	$(PROGRAM) run experiments/quickstart.toml --out target/quickstart --overwrite --quiet
	$(PROGRAM) compare target/quickstart
	RECSAFE_RESULTS=$(CURDIR)/target/quickstart $(VENV)/bin/python -m pytest -q notebooks/tests
	RECSAFE_RESULTS=$(CURDIR)/target/quickstart $(VENV)/bin/python -m pytest -q --nbmake --nbmake-timeout=600 notebooks

# The report in a real browser.
browser: $(VENV)/ready unit chromium
	RECSAFE=$(abspath $(PROGRAM)) $(VENV)/bin/python -m pytest -q sim/recsafe/tests/browser

# By the system's package manager where that may be; else says what to type.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } || \
	{ echo "Chromium is missing: type  sudo apt-get install chromium"; exit 1; }

# Runs the notebook on fresh results, keeps its outputs in the file, and renews the README's picture.
notebooks: $(VENV)/ready results
	RECSAFE_RESULTS=$(CURDIR)/results/quickstart RECSAFE_PICTURE=$(CURDIR)/docs/quickstart.png \
		$(VENV)/bin/jupyter nbconvert --to notebook --execute --inplace notebooks/*.ipynb

$(VENV)/ready: notebooks/requirements.txt
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: type  sudo apt-get install python3-venv"; exit 1; }
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r notebooks/requirements.txt
	@touch $@

clean:
	rm -rf target results $(VENV)
