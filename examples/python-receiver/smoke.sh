#!/bin/sh
# Plays a meeting at receiver.py in both connection modes, and compares its WAVs with those of the embedded receiver.
# Usage: smoke.sh [recall-emulator command]
set -eu
emulator=${1:-npx recall-emulator}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'kill "$receiver" 2>/dev/null || true; rm -rf "$work"' EXIT

$emulator generate --participants 3 --duration 20s --seed 7 --out "$work/meeting" >/dev/null
$emulator play "$work/meeting/scenario.yaml" --speed max --out "$work/expected" --quiet >/dev/null
for mode in per-participant per-endpoint; do
  "${PYTHON:-python3}" "$here/receiver.py" "$work/$mode" 0 >"$work/$mode.log" &
  receiver=$!
  until grep -q receiving "$work/$mode.log"; do sleep 0.1; done
  url=$(sed -n 's/^receiving at //p' "$work/$mode.log")
  $emulator play "$work/meeting/scenario.yaml" --to "$url" --connections "$mode" --speed max --quiet
  kill -INT "$receiver"
  wait "$receiver"
  for file in "$work"/expected/recording-*/participant-*.wav; do
    cmp "$file" "$work/$mode/$(basename "$(dirname "$file")")/$(basename "$file")"
  done
  echo "$mode: every participant's WAV is the same"
done
