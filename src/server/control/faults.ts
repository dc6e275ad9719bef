/** What goes wrong on purpose between a bot that records and its receivers. */
import { readFault } from '../../emulator/faults/read.ts';
import { faultFieldsSchema } from '../../scenario/faults.ts';
import { meetingOf } from './lookup.ts';
import { type ControlOperation, operation } from './operation.ts';

export const faults: readonly ControlOperation[] = [
  operation({
    method: 'POST',
    path: '/bots/{bot_id}/faults',
    summary: 'Let something go wrong, now or later: the fields of a fault, as in a scenario',
    body: faultFieldsSchema,
    handle(request) {
      const { session } = meetingOf(request);
      session.inject(readFault(request.body));
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
