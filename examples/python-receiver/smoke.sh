#!/bin/sh
# Plays a meeting at receiver.py in both connection modes, and compares its WAVs with those of the embedded receiver.
# Usage: smoke.sh [recall-emulator command]. PYTHON names the Python to use; it needs the websockets package.
set -eu
emulator=${1:-npx recall-emulator}
python=${PYTHON:-python3}
here=$(cd "$(dirname "$0")" && pwd)

fail() {
  echo "smoke.sh: $1" >&2
  exit 1
}

"$python" -c 'import websockets' 2>/dev/null ||
  fail "$python cannot import websockets. Install it: apt-get install python3-websockets (or: pip install websockets)."

work=$(mktemp -d)
receiver=
trap 'kill $receiver 2>/dev/null || true; rm -rf "$work"' EXIT

$emulator generate --participants 3 --duration 20s --seed 7 --out "$work/meeting" >/dev/null
$emulator play "$work/meeting/scenario.yaml" --speed max --out "$work/expected" --quiet >/dev/null
for mode in per-participant per-endpoint; do
  : >"$work/$mode.log"
  "$python" "$here/receiver.py" --out "$work/$mode" --port 0 >"$work/$mode.log" &
  receiver=$!
  until grep -q listening "$work/$mode.log"; do
    kill -0 "$receiver" 2>/dev/null || fail "receiver.py has ended before it could receive."
    sleep 0.1
  done
  url=$(sed -n 's/^listening on //p' "$work/$mode.log")
  $emulator play "$work/meeting/scenario.yaml" --to "$url" --connections "$mode" --speed max --quiet
  kill -INT "$receiver"
  wait "$receiver"
  for file in "$work"/expected/recording-*/participant-*.wav; do
    kept=${file#"$work/expected/recording-"} # ID/participant-ID.wav
    cmp "$file" "$work/$mode/${kept%%/*}/${kept##*/participant-}"
  done
  echo "$mode: every participant's WAV is the same"
done
