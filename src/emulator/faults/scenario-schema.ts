/**
 * The JSON Schema of scenarios, for editors: with every fault and the options it has, which the schema in `scenario/` does not know.
 * Reading has further rules, such as `until` after `at`; `validate` tells of these.
 */
import { z } from 'zod';
import { publishedSchema } from '../../protocol/json-schema.ts';
import { faultFieldsSchema, faultsOf } from '../../scenario/faults.ts';
import { scenarioSchema } from '../../scenario/schema.ts';
import type { FaultKind } from './fault.ts';
import { FAULTS } from './index.ts';

const { at, until, for: length, participant } = faultFieldsSchema.shape;

/** One fault as it is written. What happens in a moment says when, and has no end. */
function schemaOf({ name, summary, options, instant }: FaultKind) {
  const fault = z.literal(name);
  const when =
    instant === true ? { at: at.unwrap().describe('When it happens') } : { at, until, for: length };
  return z.strictObject({ fault, ...when, participant, ...options.shape }).describe(summary);
}

/** JSON Schema (2020-12); published as `schemas/scenario.schema.json`. */
export function scenarioJsonSchema(): unknown {
  const fault = z.union(FAULTS.map(schemaOf));
  const schema = scenarioSchema.extend({ faults: faultsOf(fault).optional() });
  return publishedSchema('scenario', schema.describe(scenarioSchema.description!), {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      // Defaults of options are what comes of reading them (5000 for 5s): nobody writes them so.
      if (zodSchema._zod.def.type === 'default') delete jsonSchema.default;
    },
  });
}
