# What `just` alone shows.
default:
    @just --list

# All that continuous integration checks, in its order.
ci: format-check lint check-layers licences doc test

# The tests, as README says.
test:
    cargo test --workspace

format-check:
    cargo fmt --all --check

lint:
    cargo clippy --workspace --all-targets -- -D warnings

# The documentation of every crate, without a warning.
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items

licences:
    cargo deny check bans licenses sources

# Proves that each layer knows only the layers above it.
check-layers:
    ./.ci/check-layers

# How good the embedded geocoder is, on a list of addresses.
quality-geocode:
    cargo run --release -p freight-geo --example geocode_quality

# How good the embedded distances are, against published ones.
quality-distance:
    cargo run --release -p freight-geo --example distance_quality

# How fast lists of 1,000,000 legs are filtered, paged and deleted from; the list takes minutes to make.
bench-lists:
    cargo bench -p logistics-store --bench lists
    DRAY_TEST_DATABASE=postgres cargo bench -p logistics-store --bench lists

# What bulk calls of 5,000 legs take on SQLite and PostgreSQL beside the bare write, and how fast workers are.
bench-bulk:
    cargo build --release -p api-server -p calc-worker --bins --benches
    cargo bench -p api-server -p calc-worker --bench bulk -- calls
    cargo bench -p api-server -p calc-worker --bench bulk -- workers

# The memory of a server that takes in 1,000,000 legs; it takes minutes.
bench-memory:
    cargo bench -p api-server -p calc-worker --bench bulk -- memory

# Every fault, 50 rounds of each on each database: processes, databases and NATS servers die in the middle of jobs.
chaos:
    cargo build -p api-server -p calc-worker --bins
    DRAY_CHAOS_ROUNDS=50 cargo test -p api-server -p calc-worker --test faults
    DRAY_CHAOS_ROUNDS=50 cargo test -p api-server -p calc-worker --test blackbox -- jobs::nothing_is_lost

# Rows per second and peak memory of `dray calc` on 1,000,000 rows with given distances.
bench-calc:
    cargo bench -p dray --bench calc

# Calls every operation of the OpenAPI document with generated values: no 5xx, no status and no body that is not documented.
fuzz-api examples="30":
    ./tests/fuzz-api {{examples}}

# Every benchmark; compare with a former run's figures in target/criterion.
bench:
    cargo bench --workspace

# Pictures of the panel for docs/images, taken by its test. Needs Chromium, Node.js and `npm ci --prefix tests/browser`.
images:
    DRAY_IMAGES="$PWD/docs/images" cargo test -p api-server --test blackbox -- panel_browser
