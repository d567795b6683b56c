#!/usr/bin/env bash
# fuzz/run.sh [RUNS [TARGET…]]: every target (or those named) for RUNS executions, one after the other, at low priority.
#
# Needs nightly and `cargo install cargo-fuzz`. Inputs that broke a property are left in fuzz/artifacts/TARGET; put each,
# once mended, into tests/crashes/TARGET/, where `tests/robustness.rs` replays it in stable Rust.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-1000000}
shift || true
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    mapfile -t targets < <(sed -n 's/^ *target("\([a-z]*\)".*/\1/p' fuzz/src/lib.rs)
fi
report=fuzz/target/report.md
nice cargo +nightly fuzz build --sanitizer none --target-dir fuzz/target

# The named cases of the tests, one file an input.
cases() {
    mkdir -p "$3"
    sed -n "s/^$2 = \"\(.*\)\"\$/\1/p" "tests/cases/$1.toml" | split --lines=1 --additional-suffix=.case - "$3/"
}

mkdir -p fuzz/target
echo "| target | executions | per second | coverage (edges) | features | corpus | result |" > "$report"
echo "|---|---|---|---|---|---|---|" >> "$report"
for target in "${targets[@]}"; do
    corpus=fuzz/corpus/$target
    mkdir -p "$corpus" "fuzz/artifacts/$target"
    case $target in
        page) find tests/pages tests/sites -name '*.html' -size -16k -exec cp --backup=numbered -t "$corpus" {} + ;;
        date) cases dates raw "$corpus" ;;
        url) cases canonical url "$corpus" ;;
        query) cases query typed "$corpus" ;;
        text) cases dates raw "$corpus" ;;
    esac
    [ -d "tests/crashes/$target" ] && cp "tests/crashes/$target"/* "$corpus"
    longest=$(sed -n "s/^ *target(\"$target\",.*, \([0-9]*\)).*/\1/p" fuzz/src/lib.rs)
    dictionary=fuzz/dict/$target.dict
    log=fuzz/target/$target.log
    result=fine
    # A page that takes over five seconds, or 1 GiB, is as bad as a panic.
    nice "fuzz/target/x86_64-unknown-linux-gnu/release/$target" "$corpus" "fuzz/seeds/$target" \
        -runs="$runs" -max_len="$longest" -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 -seed=1 \
        -artifact_prefix="fuzz/artifacts/$target/" \
        $([ -f "$dictionary" ] && echo "-dict=$dictionary") > "$log" 2>&1 || result="BROKEN, see $log"
    stat() { sed -n "s/^stat::$1: *//p" "$log" | tail -1; }
    last=$(grep -E '^#[0-9]+' "$log" | tail -1)
    of() { sed -n "s/.* $1: \([0-9]*\).*/\1/p" <<< "$last"; }
    files=$(find "$corpus" -type f | wc -l)
    echo "| $target | $(stat number_of_executed_units) | $(stat average_exec_per_sec) | $(of cov) | $(of ft) | $files | $result |" |
        tee -a "$report"
done
! grep -q BROKEN "$report"
