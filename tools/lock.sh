#!/bin/sh
# Pin every dependency with its hashes; the lock files name no download host.
set -eu
compile() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header "$@"; }
build=$(sed -n 's/^requires = \["\(.*\)"\]/\1/p' pyproject.toml)
echo "$build" | compile pyproject.toml - -o requirements.lock
echo "$build" | compile --extra dev pyproject.toml - -o requirements-dev.lock
compile tests/external/fuzzing/requirements.txt -o tests/external/fuzzing/requirements.lock
