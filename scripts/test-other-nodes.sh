#!/bin/sh
# Runs on the other versions of Node that we promise the tests of what Node itself may do otherwise; all tests run on one version only.
# Usage: test-other-nodes.sh [version...]. A version whose binary cannot be installed is skipped with a line.
set -u
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- 22 24
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
for version in "$@"; do
  # The binary comes as a package; its name tells the platform.
  package=$(node -p '`node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`')
  mkdir -p "$work/$version"
  if ! npm install --prefix "$work/$version" --no-audit --no-fund --no-save --ignore-scripts --silent "$package@$version"; then
    echo "Node $version skipped: its binary cannot be installed"
    continue
  fi
  bin="$work/$version/node_modules/$package/bin"
  echo "Node $("$bin/node" --version)"
  # What depends on Node: sockets, timers, processes, modules. What is computed is the same everywhere.
  PATH="$bin:$PATH" "$bin/node" node_modules/vitest/vitest.mjs run \
    test/emulator/connection.test.ts test/emulator/wire.test.ts test/emulator/session.test.ts test/emulator/clock.test.ts \
    test/exec test/msw test/consumers.test.ts test/e2e/play.test.ts test/server/real-time.test.ts test/cli/config.test.ts || failed=1
done
exit $failed
