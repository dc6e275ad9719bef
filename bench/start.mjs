/** Cold start: `recall-emulator --help` and a bare `node -e 0` in turn, the median of each and their ratio. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROUNDS = 15;
const MAIN = fileURLToPath(new URL('../dist/command/main.js', import.meta.url));

export function benchStart() {
  const time = (args) => {
    const startMs = performance.now();
    const { status } = spawnSync(process.execPath, args);
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
    return performance.now() - startMs;
  };
  const bare = [];
  const ours = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(time(['-e', '0']));
    ours.push(time([MAIN, '--help']));
  }
  const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const [base, help] = [median(bare), median(ours)];
  console.log(
    `node -e 0: ${base.toFixed(0)} ms; recall-emulator --help: ${help.toFixed(0)} ms; ratio ${(help / base).toFixed(2)} (medians of ${ROUNDS})`,
  );
}
