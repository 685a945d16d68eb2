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

# Fuzzing (docs/dev/fuzzing.md): libFuzzer comes with the crate libfuzzer-sys and needs a C++ compiler, and counting what was reached is a pass
# of the compiler itself, so that nothing has to be installed. What is found grows below target; the repository keeps the best of it.
FUZZ_SECONDS ?= 300
FUZZ_KEPT    := 12
FUZZ_LIGHT   := experiment set package graph
FUZZ_TABLES  := evidence manifest
FUZZ_PARQUET := metrics graph_parquet
FUZZ         := $(or $(CARGO_TARGET_DIR),target)/fuzz
FUZZ_HOST    := $(shell rustc -vV | sed -n 's/^host: //p')
FUZZ_FLAGS   := --cfg fuzzing -Cpasses=sancov-module $(addprefix -Cllvm-args=-sanitizer-coverage-,level=4 inline-8bit-counters pc-table trace-compares)
FUZZ_LIMITS  := -timeout=60 -rss_limit_mb=2048 -max_len=16384
# Good files to begin with, besides the corpus.
seeds.experiment := experiments
seeds.package    := experiments/policies
seeds.evidence   := sim/evidence/data
dict.experiment  := sim/fuzz/names.dict
dict.set         := sim/fuzz/names.dict
dict.package     := sim/fuzz/names.dict
# $(call fuzz-build,OPTIONS)
fuzz-build = RUSTFLAGS="$(FUZZ_FLAGS)" $(CARGO) build --manifest-path sim/fuzz/Cargo.toml --release --target $(FUZZ_HOST) --target-dir $(FUZZ) $(1)
# $(call fuzz-kept,TARGET): what the repository keeps for it.
fuzz-kept = $(wildcard sim/fuzz/corpus/$(1) sim/fuzz/regressions/$(1)) $(seeds.$(1))
# $(call fuzz-run,TARGET,SECONDS)
define fuzz-run
@mkdir -p $(FUZZ)/corpus/$(1)
$(FUZZ)/$(FUZZ_HOST)/release/$(1) $(FUZZ)/corpus/$(1) $(call fuzz-kept,$(1)) $(addprefix -dict=,$(dict.$(1))) $(FUZZ_LIMITS) \
	-max_total_time=$(2) -artifact_prefix=$(FUZZ)/found-by-$(1)- -print_final_stats=1 -verbosity=0 -close_fd_mask=1

endef
# $(call fuzz-minimise,TARGET): of the least set of files that reaches every branch that was reached, the largest that are short enough for the
# repository, FUZZ_KEPT of them.
define fuzz-minimise
rm -rf $(FUZZ)/least && mkdir -p $(FUZZ)/least $(FUZZ)/corpus/$(1)
$(FUZZ)/$(FUZZ_HOST)/release/$(1) -set_cover_merge=1 -use_counters=0 $(FUZZ)/least $(call fuzz-kept,$(1)) $(FUZZ)/corpus/$(1) $(FUZZ_LIMITS) -verbosity=0
find $(FUZZ)/least -type f -size +2k -delete
ls -S $(FUZZ)/least/* | tail -n +$$(($(FUZZ_KEPT) + 1)) | xargs -r rm
rm -rf sim/fuzz/corpus/$(1) && mkdir -p sim/fuzz/corpus && cp -r $(FUZZ)/least sim/fuzz/corpus/$(1)

endef

# Tools that check what the program is made of, at the versions with which it was checked.
DENY    := 0.20.2
MACHETE := 0.9.2
MUTATE  := 27.1.0
# $(call installed,TOOL,VERSION): installs it unless that version is there.
installed = @$(CARGO) $(1) --version 2>/dev/null | grep -qF $(2) || CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 $(CARGO) install --locked --quiet cargo-$(1)@$(2)

.PHONY: test wasm instructions renew-instructions results check-format lint docs api guide unit properties golden worlds end-to-end browser chromium tools notebooks clean validation bench performance memory chaos
.PHONY: fuzz fuzz-short fuzz-parquet fuzz-corpus supply-chain advisories valgrind miri mutants mutants-compare

test: tools check-format lint wasm api unit instructions end-to-end browser fuzz-short supply-chain
	@echo "all checks passed"

check-format:
	$(CARGO) fmt --all --check
	rustfmt --edition 2024 --check $$(git ls-files '*.rs')

lint:
	$(CARGO) clippy $(PROFILE) --workspace --all-targets -- -D warnings

# What a browser can run: the engine without threads and clock, the analysis of results, and reports. Told, not failed, where the target is not installed.
WASM := wasm32-unknown-unknown
wasm:
	@if rustup target list --installed 2>/dev/null | grep -qx $(WASM) || rustup target add $(WASM) 2>/dev/null; then \
		$(CARGO) check --target $(WASM) -p recsafe-engine -p recsafe-analysis -p recsafe-report && \
		$(CARGO) check --target $(WASM) -p recsafe-engine --no-default-features; \
	else echo "skipped: the target $(WASM) is not installed (rustup target add $(WASM))"; fi

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

chromium:
	$(call needs,chromium chromium-browser google-chrome,chromium)

# What the checks need beside Rust and Python: asked for first, so that half an hour does not end in its want.
tools: chromium
	$(call needs,c++,g++)
	$(call needs,valgrind,valgrind)

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

# Kernels in instructions, counted under valgrind and held against models/platform/instructions.csv: at most 5 % more. Uses what `unit` built.
KERNELS := $(or $(CARGO_TARGET_DIR),target)/release/examples/kernels
# $(call needs,PROGRAMS,PACKAGE): by the system's package manager where that may be; else says what to type.
needs = @for program in $(1); do command -v $$program >/dev/null && exit 0; done; \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq $(2) >/dev/null; } || \
	{ echo "$(2) is missing: type  sudo apt-get install $(2)"; exit 1; }

instructions: unit
	$(call needs,valgrind,valgrind)
	$(KERNELS) check

renew-instructions: unit
	$(call needs,valgrind,valgrind)
	$(KERNELS) renew

# Benches, and one table of them with ratios to the floor.
bench:
	$(CARGO) bench --workspace --bench engine
	$(CARGO) run $(PROFILE) --example bench_table

# The raw numbers behind docs/performance.md: whole runs, up to ten million accounts. An hour and a half; nothing else should run meanwhile.
performance:
	$(CARGO) build $(PROFILE) --workspace --bin recsafe --example performance
	$(CARGO) run $(PROFILE) --example performance > docs/performance.csv.new
	mv docs/performance.csv.new docs/performance.csv

# Every reader of files, FUZZ_SECONDS each; it goes on from what was found before. Fails at the first input that does harm, and keeps it.
fuzz: fuzz-build
	$(foreach target,$(FUZZ_LIGHT) $(FUZZ_TABLES),$(call fuzz-run,$(target),$(FUZZ_SECONDS)))

# Parquet files as they are decoded. The decoder ends its process at some broken ones, by a panic or by memory that it cannot get, which is
# passed over here; that it ends soon, and holds little until then, is what is checked.
fuzz-parquet: FUZZ_LIMITS += -fork=1 -ignore_crashes=1 -ignore_ooms=0 -ignore_timeouts=0
fuzz-parquet: fuzz-build
	$(foreach target,$(FUZZ_PARQUET),$(call fuzz-run,$(target),$(FUZZ_SECONDS)))

.PHONY: fuzz-build
fuzz-build:
	$(call fuzz-build,--features tables)

# The readers that link no polars, 20 seconds each: part of `make test`.
fuzz-short:
	$(call fuzz-build,$(addprefix --bin ,$(FUZZ_LIGHT)))
	$(foreach target,$(FUZZ_LIGHT),$(call fuzz-run,$(target),20))

# Renews the corpora of the repository from what was found.
fuzz-corpus: fuzz-build
	$(foreach target,$(FUZZ_LIGHT) $(FUZZ_TABLES) $(FUZZ_PARQUET),$(call fuzz-minimise,$(target)))

# Licences, sources and duplicates of everything that is linked (deny.toml), and dependencies that nobody uses.
supply-chain:
	$(call installed,deny,$(DENY))
	$(call installed,machete,$(MACHETE))
	$(CARGO) deny --workspace check bans licenses sources
	$(CARGO) machete

# Known holes in what is linked. Needs https://github.com/RustSec/advisory-db.
advisories:
	$(call installed,deny,$(DENY))
	$(CARGO) deny --workspace check advisories

# The crate with code that the compiler cannot check, under valgrind.
valgrind:
	$(call needs,valgrind,valgrind)
	$(CARGO) test --package recsafe-common --lib \
		--config 'target."cfg(all())".runner = ["valgrind", "--quiet", "--error-exitcode=9"]'

# The estimate of memory and disk against what runs take: at 10,000 and 100,000 accounts, and at a million with RECSAFE_BENCH=all.
memory:
	$(CARGO) build $(PROFILE) --workspace --bin recsafe --example memory
	$(CARGO) run $(PROFILE) --example memory

# Runs killed at 50 moments, also while they go over to another plan, full disks, folders that may not be written, damaged files, readers beside
# a run, folders of other programs: what was tried, and what was lost.
chaos:
	RECSAFE_CHAOS=all $(CARGO) test $(PROFILE) --workspace --test chaos --test resume --test upgrade -- --nocapture

# Wide registers and prefetching under Miri, the wide path too; it comes with a nightly Rust.
miri:
	rustup component add miri rust-src --toolchain nightly
	RUSTUP_TOOLCHAIN=nightly CARGO_TARGET_DIR=$(abspath $(or $(CARGO_TARGET_DIR),target))/miri PROPTEST_CASES=4 MIRIFLAGS=-Zmiri-disable-isolation \
		RUSTFLAGS="-C target-feature=+avx2" $(CARGO) miri test -p recsafe-common --lib -- wide prefetch

# Small changes to the code, one at a time, each of which a test of its crate should notice (docs/dev/mutants.md): every 13th of those of models and
# statistics. `make mutants MUTANTS=0/1` tries all.
MUTANTS         ?= 0/13
MUTANTS_COMPARE ?= 0/12
MUTANTS_OUT     := $(or $(CARGO_TARGET_DIR),target)/mutants

mutants:
	$(call installed,mutants,$(MUTATE))
	@mkdir -p $(MUTANTS_OUT)
	CARGO_PROFILE_DEV_OPT_LEVEL=1 CARGO_PROFILE_DEV_DEBUG=0 $(CARGO) mutants $(addprefix --package recsafe-,common people platform stats) \
		--shard $(MUTANTS) --cargo-arg=--tests --output $(MUTANTS_OUT) || [ $$? -eq 2 ] # 2: some were missed, as the list says

# The same of the comparison: every 12th, by its unit tests.
mutants-compare:
	$(call installed,mutants,$(MUTATE))
	@mkdir -p $(MUTANTS_OUT)/compare
	CARGO_PROFILE_DEV_OPT_LEVEL=1 CARGO_PROFILE_DEV_DEBUG=0 INSTA_UPDATE=no $(CARGO) mutants --package recsafe-analysis \
		--shard $(MUTANTS_COMPARE) --cargo-arg=--lib --output $(MUTANTS_OUT)/compare || [ $$? -eq 2 ]

clean:
	rm -rf target results $(VENV)
