/** The faults of a scenario as they are written. What each fault is, and which options it has, is the emulator's. */
import { z } from 'zod';
import type { SourceLocation } from '../errors.ts';

/** When, to whom, what; the options of the fault stand beside. */
export interface FaultFields {
  readonly fault: string;
  readonly at?: unknown;
  readonly until?: unknown;
  readonly for?: unknown;
  readonly participant?: unknown;
  readonly [option: string]: unknown;
}

/** One that has been read: its fields, and where each stands. */
export interface ScenarioFault {
  readonly fields: FaultFields;
  readonly places: Readonly<Record<string, SourceLocation>>;
}

/** More than anybody writes. */
const MAX_FAULTS = 1_000;
const value = z.union([z.string(), z.number(), z.boolean()], { error: 'a number or text is expected' });

export const faultFieldsSchema = z
  .object({
    fault: z.string().describe('Its name, such as reset or latency; docs/faults.md has all of them'),
    at: value.optional().describe('When it begins; default: at the start'),
    until: value.optional().describe('When it ends; default: with the meeting'),
    for: value.optional().describe('How long it lasts, in place of until'),
    participant: z.int().optional().describe('Whom it befalls; default: everybody'),
  })
  .catchall(value);

/** The faults of a scenario, each by this schema. */
export function faultsOf<Fault extends z.ZodType>(fault: Fault) {
  return z.array(fault).max(MAX_FAULTS).describe('What goes wrong on the way, on purpose');
}

export const faultsSchema = faultsOf(faultFieldsSchema);
