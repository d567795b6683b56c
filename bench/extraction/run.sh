#!/usr/bin/env bash
# vigie and its peers over the same pages; see README.md and `run.sh --help`.
exec python3 "$(dirname "$0")/run.py" "$@"
