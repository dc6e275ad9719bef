import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../../src/emulator/faults/index.ts';
import { readFault } from '../../../src/emulator/faults/read.ts';
import { scenarioJsonSchema } from '../../../src/emulator/faults/scenario-schema.ts';
import type { FaultFields } from '../../../src/scenario/faults.ts';

const validate = new Ajv2020({ strict: false }).compile(scenarioJsonSchema() as object);

function fits(fault: FaultFields): boolean {
  return validate({ participants: [{ id: 100 }], timeline: [], faults: [fault] });
}

function reads(fault: FaultFields): boolean {
  try {
    return readFault(fault) !== undefined;
  } catch {
    return false;
  }
}

describe('the schema of scenarios', () => {
  it.each(FAULTS.map(({ name }) => name))('knows the fault %s', (fault) => {
    expect(fits({ fault, at: '3s', participant: 100 })).toBe(true);
    expect(fits({ fault, at: '3s', nonsense: 1 })).toBe(false);
  });

  it.each<FaultFields>([
    { fault: 'latency', at: '5s', until: '10s', ms: 200, jitter: '50ms' },
    { fault: 'latency', at: 5, for: 10, participant: 100 },
    { fault: 'malformed', defect: 'bad_base64', rate: '1%' },
    { fault: 'reconnect', every: '8m', gap: 1, late: 0 },
  ])('takes %j, as reading does', (fault) => {
    expect([fits(fault), reads(fault)]).toEqual([true, true]);
  });

  it.each<FaultFields>([
    { fault: 'latancy' },
    { fault: 'latency', milliseconds: 200 },
    { fault: 'latency', ms: true },
    { fault: 'malformed', defect: 'bad_base65' },
    { fault: 'reset' },
    { fault: 'reset', at: '3s', until: '4s' },
  ])('does not take %j, and nor does reading', (fault) => {
    expect([fits(fault), reads(fault)]).toEqual([false, false]);
  });
});
