import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../../src/emulator/faults/index.ts';
import { withFault } from '../../support/faults.ts';

describe('every fault', () => {
  it.each(FAULTS.flatMap(({ examples }) => examples))(
    '%s: every frame is accounted for, and nothing is held against the receiver',
    async (fault) => {
      const { report } = await withFault(fault);
      expect(report.ok, report.verdict).toBe(true);
      expect(report.scheduled).toBe(20);
    },
  );
});
