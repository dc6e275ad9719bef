/** What goes wrong on purpose between a bot that records and its receivers. */
import { z } from 'zod';
import { parseFault, readFault } from '../../emulator/faults/read.ts';
import { faultFieldsSchema } from '../../scenario/faults.ts';
import { meetingOf } from './lookup.ts';
import { type ControlOperation, operation } from './operation.ts';

/** As it is written after `--fault`. */
const lineSchema = z.strictObject({ line: z.string().max(1_000) });

export const faults: readonly ControlOperation[] = [
  operation({
    method: 'POST',
    path: '/bots/{bot_id}/faults',
    summary: 'Let something go wrong, now or later: the fields of a fault, as in a scenario, or its line',
    body: z.union([lineSchema, faultFieldsSchema]),
    handle(request) {
      const { session } = meetingOf(request);
      const { body } = request;
      session.inject('line' in body ? parseFault(String(body.line)) : readFault(body));
      return { status: 201, body: { faults: session.faults } };
    },
  }),
  operation({
    method: 'GET',
    path: '/bots/{bot_id}/faults',
    summary: 'The faults that wait or are in force',
    handle: (request) => ({ body: { faults: meetingOf(request).session.faults } }),
  }),
  operation({
    method: 'DELETE',
    path: '/bots/{bot_id}/faults',
    summary: 'No more faults; those in force end',
    handle(request) {
      meetingOf(request).session.clearFaults();
      return { status: 204, body: undefined };
    },
  }),
];
