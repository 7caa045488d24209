#!/bin/sh
# Make both locks anew from pyproject.toml, for the oldest Python promised: that of Debian 12.
set -eu
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet uv
# The client, in no registry, stays out; so does uv's note about it.
compile() {
    locked=$("$tools/bin/uv" pip compile pyproject.toml --python-version 3.11.2 --override deploy/overrides.txt --upgrade --quiet \
        --no-header --no-emit-package souvenir-client --annotation-style line "$@")
    echo "$locked" | sed '/^$/d; /^# The following packages/,$d'
}
compile --extra all > "$tools/service"
compile --extra dev -c "$tools/service" | sed "s|-c $tools/service, ||; s|, -c $tools/service||" > "$tools/tools"
{ echo '# What the service runs on, for Python 3.11.2 (Debian 12) and newer. Made by `make lock`; do not edit.'; cat "$tools/service"; } > requirements.lock
{ echo '# The same, and what the tests need. Made by `make lock`; do not edit.'; cat "$tools/tools"; } > requirements-dev.lock
