/**
 * The scenario document: participants and a timeline of what they do. This is its shape only; whether it can happen
 * (speaking while muted, leaving twice) is checked when it is compiled.
 */
import { z } from 'zod';
import { EVENT_CHOICES, isEventChoice } from '../protocol/event-selection.ts';
import { parseDuration } from './duration.ts';
import { faultsSchema } from './faults.ts';

/** The longest meeting: a day. Keeps sample positions and files within bounds. */
const MAX_SECONDS = 86_400;

const time = z
  .union([z.number(), z.string()], { error: 'a time is a number of seconds or text such as 1m20s' })
  .superRefine((value, context) => {
    const seconds = parseDuration(value);
    if (seconds === undefined) {
      const negative = typeof value === 'number' ? value < 0 : value.trim().startsWith('-');
      context.addIssue({
        code: 'custom',
        message: negative
          ? 'a time cannot be negative'
          : 'not a time: give seconds, or text such as 1m20s or 250ms',
      });
    } else if (seconds > MAX_SECONDS) {
      context.addIssue({ code: 'custom', message: 'longer than a day' });
    }
  })
  .meta({ description: 'Seconds, or text such as 12.5s, 1m20s or 250ms' });

const voiceSchema = z
  .strictObject({
    pitch_hz: z.number().min(60).max(400).optional().describe('Mean fundamental frequency in Hz'),
    formant_scale: z
      .number()
      .min(0.7)
      .max(1.4)
      .optional()
      .describe('1 is an average adult; larger is a shorter vocal tract'),
    rate: z.number().min(1).max(10).optional().describe('Syllables per second'),
    level: z.number().min(0).max(1).optional().describe('Loudness, 0 to 1'),
  })
  .describe('How generated speech of this participant sounds');

const silence = z
  .enum(['noise', 'gap'])
  .describe('While unmuted and silent: send a near-silent noise floor (noise, the default) or nothing (gap)');

const participantSchema = z.strictObject({
  id: z.int().min(0).describe('Unique in the meeting'),
  name: z
    .string()
    .nullable()
    .optional()
    .describe('Display name; null when the platform gives none, as for dial-ins'),
  is_host: z.boolean().nullable().optional().describe('Default false; null where the platform does not say'),
  platform: z.string().nullable().optional().describe('desktop (default), dial-in, unknown, …'),
  email: z.string().nullable().optional(),
  extra_data: z
    .record(z.string(), z.unknown())
    .nullable()
    .optional()
    .describe('What the meeting platform adds; null when nothing'),
  voice: voiceSchema.optional(),
  silence: silence.optional(),
});

const what = { at: time, participant: z.int().describe('Id of the participant') };
const plain = <Action extends string>(action: Action, description: string) =>
  z.strictObject({ ...what, action: z.literal(action) }).describe(description);

const actionSchema = z.discriminatedUnion('action', [
  plain('join', 'Comes into the meeting, muted. Who never joins is there from the start'),
  plain('leave', 'Leaves the meeting; an open microphone closes'),
  plain('unmute', 'Opens the microphone: the audio stream begins'),
  plain('mute', 'Closes the microphone: the audio stream ends'),
  z
    .strictObject({
      ...what,
      action: z.literal('speak'),
      audio: z.string().min(1).optional().describe('WAV, .pcm or .raw file, relative to the scenario'),
      duration: time.optional().describe('Length of generated speech, when there is no audio'),
      text: z.string().optional().describe('What is said'),
    })
    .superRefine((action, context) => {
      if ((action.audio === undefined) === (action.duration === undefined)) {
        context.addIssue({
          code: 'custom',
          message: 'speak needs either audio (a file) or duration (generated speech)',
        });
      }
    })
    .describe('Says something, from a file or generated'),
  z.strictObject({
    ...what,
    action: z.literal('chat_message'),
    text: z.string(),
    to: z.enum(['everyone', 'only_bot']).optional(),
  }),
  plain('webcam_on', 'Turns the camera on: the video stream begins, muted or not'),
  plain('webcam_off', 'Turns the camera off; a leave does so, too'),
  plain('screenshare_on', 'Begins to share the screen: a video stream of its own'),
  plain('screenshare_off', 'Stops sharing the screen; a leave does so, too'),
  z.strictObject({
    ...what,
    action: z.literal('update'),
    name: z.string().nullable().optional(),
    email: z.string().nullable().optional(),
  }),
]);

const botSchema = z
  .strictObject({
    recording_permission: z
      .enum(['allowed', 'denied'])
      .optional()
      .describe('Whether the host lets the bot record (allowed, the default)'),
    fatal: z
      .strictObject({
        in: z
          .enum(['joining_call', 'in_waiting_room', 'in_call_not_recording', 'in_call_recording'])
          .describe('The status in which the bot fails'),
        after: time.optional().describe('How long into this status; default 0'),
        sub_code: z.string().min(1),
        message: z.string().optional(),
      })
      .optional()
      .describe('The bot ends in status fatal'),
    call_ended_sub_code: z.string().optional().describe('Default call_ended_by_host'),
    delays: z
      .strictObject({
        joining_call: time.optional(),
        in_waiting_room: time.optional(),
        in_call_not_recording: time.optional(),
        recording_permission: time.optional(),
        done: time.optional(),
      })
      .optional()
      .describe('How long the bot stays in each status'),
    answers: z
      .array(z.string())
      .optional()
      .describe('Answers of the REST API to requests for this scenario, such as create_bot=507:2'),
    faults: z.array(z.string()).optional().describe('The old name of answers').meta({ deprecated: true }),
  })
  .describe('What the bot meets when `serve` plays this scenario; `play` has no use for it');

const MAX_EVENTS = 100;

const eventsSchema = z
  .array(z.string())
  .min(1)
  .max(MAX_EVENTS)
  .superRefine((events, context) => {
    for (const [index, event] of events.entries()) {
      if (isEventChoice(event)) continue;
      context.addIssue({
        code: 'custom',
        path: [index],
        message: `no event that can be sent: give ${EVENT_CHOICES}`,
      });
    }
  })
  .describe(
    'What `play` sends: names of events, families such as participant_events.*, or all (default: audio_separate_raw.data)',
  );

export const scenarioSchema = z
  .strictObject({
    version: z.literal(1).optional(),
    title: z.string().optional(),
    seed: z.int().optional().describe('Ids and generated audio derive from it; default 1'),
    duration: time.optional().describe('Length of the meeting; default: until the last thing has happened'),
    silence: silence.optional(),
    events: eventsSchema.optional(),
    bot: botSchema.optional(),
    participants: z.array(participantSchema).min(1).max(10_000),
    timeline: z.array(actionSchema).max(1_000_000),
    faults: faultsSchema.optional(),
  })
  .describe('A meeting for recall-emulator to play');

/** A scenario as it is written, in YAML, JSON or by the builder. */
export type Scenario = z.input<typeof scenarioSchema>;
export type ScenarioParticipant = Scenario['participants'][number];
export type ScenarioBot = NonNullable<Scenario['bot']>;
export type ScenarioAction = Scenario['timeline'][number];
