/** What a test does to the network between a bot and its receivers. */
import { z } from 'zod';
import { Refusal } from '../bot/refusal.ts';
import { botOf, meetingOf } from './lookup.ts';
import { type ControlOperation, operation } from './operation.ts';
import { MAX_SECONDS } from './time.ts';

export const connections: readonly ControlOperation[] = [
  operation({
    method: 'POST',
    path: '/bots/{bot_id}/drop',
    summary: "Lose a participant's connections, or all, as a broken network does",
    body: z.strictObject({ participant_id: z.int().optional() }),
    handle(request) {
      const { participant_id } = request.body;
      const meeting = meetingOf(request);
      const index = participant_id === undefined ? undefined : meeting.indexOf(participant_id);
      return { body: { dropped: meeting.session.drop(index) } };
    },
  }),
  operation({
    method: 'POST',
    path: '/bots/{bot_id}/refuse',
    summary: 'Let every dial fail for so many seconds',
    body: z.strictObject({ seconds: z.number().min(0).max(MAX_SECONDS) }),
    handle(request) {
      const { seconds } = request.body;
      const recording = botOf(request).recordings().at(-1);
      if (recording === undefined) throw new Refusal(409, { detail: 'The bot has no recording yet.' });
      const { clock } = request.server.pacer;
      recording.endpoints.refuseUntilMs = clock.now() + seconds * 1_000;
      return { body: { refused_for_s: seconds } };
    },
  }),
];
