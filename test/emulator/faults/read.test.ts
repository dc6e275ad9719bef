import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../../src/emulator/faults/index.ts';
import { parseFault, readFault, scenarioFaults } from '../../../src/emulator/faults/read.ts';
import { InvalidInputError } from '../../../src/errors.ts';
import { compileScenario } from '../../../src/scenario/compile.ts';
import { parseScenario } from '../../../src/scenario/load.ts';

const problemOf = (text: string): string => {
  try {
    parseFault(text);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`${text} was taken`);
};

describe('a fault in one line', () => {
  it.each([
    ['latency=200ms±50ms', { ms: 200, jitter: 50 }, {}],
    ['latency=0.2s+-50', { ms: 200, jitter: 50 }, {}],
    ['lost=1%@5s-1m', { rate: 0.01 }, { atMs: 5_000, untilMs: 60_000 }],
    ['reset@3', {}, { atMs: 3_000 }],
    ['bandwidth=64k,participant=100', { bytes_per_s: 65_536 }, { participantId: 100 }],
    ['clock_skew=-2s,ppm=-5', { ms: -2_000, ppm: -5 }, {}],
    ['stall,for=2s@250ms', {}, { atMs: 250, forMs: 2_000 }],
    [' malformed , rate=1 ', { rate: 1 }, {}],
  ])('%s', (text, options, when) => {
    const spec = parseFault(text);
    expect(spec.options).toEqual(options);
    expect(spec).toMatchObject(when);
  });

  it.each([
    ['latancy=3s', '"latancy" is no fault; there are reconnect, late_close'],
    ['', '"" is no fault'],
    ['reset', 'reset happens in a moment: say when, such as reset@3s'],
    ['reset@1s-2s', 'reset happens in a moment: it has no end'],
    ['latency=fast', 'ms: "fast": a time from 0 to 60000 ms'],
    ['lost=150%', 'rate: "150%": a part from 0 to 1, or such as 1%, is expected'],
    ['lost=1%,rat=3', 'lost has no option "rat": it has rate'],
    ['drop=3@1s', 'drop has no option "value": it has none'],
    ['stall@3s-2s', 'it ends before it begins'],
    ['stall@soon', 'at: "soon" is no time'],
    ['stall,for=1s@1s-2s', 'until and for say the same'],
    ['lost,participant=ada', 'participant: "ada" is no id'],
    ['malformed=wrong_order', 'one of not_json'],
    ['slicer=0', 'bytes: "0": a number of bytes from 1'],
  ])('%s is told what is wrong with it', (text, says) => {
    expect(problemOf(text)).toContain(says);
  });

  it('never breaks a line, whatever is written', () => {
    expect(problemOf('lost=\u001b[2J\n✔')).not.toMatch(/\n/);
  });
});

describe('a fault in fields', () => {
  it('is the same one, and is named as it would be written', () => {
    const spec = readFault({ at: '5s', until: 10, fault: 'latency', ms: 200, jitter: 50, participant: 100 });
    expect(spec).toMatchObject({ atMs: 5_000, untilMs: 10_000, participantId: 100 });
    expect(spec.text).toBe('latency,ms=200,jitter=50,participant=100@5s-10');
    expect(parseFault(spec.text)).toEqual(spec);
  });

  it('of a scenario has its problems with their lines', async () => {
    const text = `
participants: [{ id: 100 }]
timeline: [{ at: 0, participant: 100, action: unmute }]
duration: 5
faults:
  - { at: 1s, fault: reset }
  - { at: 2s, fault: rest }
  - at: 3s
    fault: latency
    ms: fast
    jiter: 3
`;
    const timeline = await compileScenario(parseScenario(text, { file: 'a.yaml' }));
    try {
      scenarioFaults(timeline.faults);
      expect.unreachable();
    } catch (error) {
      const { problems } = error as InvalidInputError;
      expect(error).toBeInstanceOf(InvalidInputError);
      expect(problems.map(({ location }) => [location?.line, location?.path])).toEqual([
        [7, 'faults[1].fault'],
        [10, 'faults[2].ms'],
        [11, 'faults[2].jiter'],
      ]);
    }
  });

  it('befalls somebody of the meeting', async () => {
    const text = `
participants: [{ id: 100 }]
timeline: []
faults: [{ at: 1s, participant: 200, fault: reset }]
`;
    await expect(compileScenario(parseScenario(text))).rejects.toThrow('There is no participant 200.');
  });
});

describe('the index of faults', () => {
  it('has names in snake_case, each once, with examples that can be read', () => {
    const names = FAULTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, examples, options, value } of FAULTS) {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
      for (const example of examples) expect(parseFault(example).kind.name).toBe(name);
      if (value !== undefined) expect(Object.keys(options.shape)).toContain(value);
    }
  });
});

describe('docs/faults.md', () => {
  const text = readFileSync('docs/faults.md', 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => /^\| `[a-z_]+` \|/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it('has a row for every fault, and for nothing else', () => {
    const documented = rows.map(([, name = '']) => name.replaceAll('`', ''));
    expect([...documented].sort()).toEqual(FAULTS.map(({ name }) => name).sort());
  });

  it('names every option of each, and marks the one that a value sets', () => {
    for (const { name, options, value } of FAULTS) {
      const cell = rows.find((each) => each[1] === `\`${name}\``)![3]!;
      for (const option of Object.keys(options.shape)) expect(cell, name).toContain(`\`${option}\``);
      expect(/`(\w+)`\*/.exec(cell)?.[1], name).toBe(value);
    }
  });
});
