/** What people do in a meeting that is being recorded. */
import { z } from 'zod';
import { openAudioFile } from '../../audio/file.ts';
import type { AudioSource } from '../../audio/source.ts';
import { speechSource, voiceFor } from '../../audio/speech.ts';
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import type { ClientFiles } from '../bot/client-files.ts';
import type { LiveEvents } from '../bot/live-events.ts';
import { participantDetail } from './bot-views.ts';
import { meetingOf, participantOf } from './lookup.ts';
import { type ControlOperation, operation } from './operation.ts';

const MAX_SPEECH_SECONDS = 600;
const MAX_TEXT = 10_000;
const MAX_NAME = 1_000;

const PATH = '/bots/{bot_id}/participants';

const name = z.string().max(MAX_NAME).nullable().optional();

const joinSchema = z.strictObject({
  id: z.int().min(0),
  name,
  is_host: z.boolean().nullable().optional(),
  platform: name,
  email: name,
  extra_data: z.record(z.string(), z.unknown()).nullable().optional(),
});

const speakSchema = z
  .strictObject({
    duration: z.number().positive().max(MAX_SPEECH_SECONDS).optional(),
    audio: z.string().min(1).max(MAX_NAME).optional(),
    text: z.string().max(MAX_TEXT).optional(),
  })
  .refine(({ duration, audio }) => (duration === undefined) !== (audio === undefined), {
    error: 'Give either duration (seconds of generated speech) or audio (a file).',
    path: ['duration'],
  });

const chatSchema = z.strictObject({
  text: z.string().min(1).max(MAX_TEXT),
  to: z.enum(['everyone', 'only_bot']).default('everyone'),
});

const updateSchema = z
  .strictObject({ name, email: name })
  .refine((change) => Object.keys(change).length > 0, {
    error: 'Give a name, an email or both.',
    path: ['name'],
  });

const wordsSchema = z.strictObject({ text: z.string().max(MAX_TEXT).regex(/\S/, 'Give a word at least.') });

/** Something that somebody who is in the meeting does, beside speaking. */
function deed<Schema extends z.ZodType>(
  action: string,
  summary: string,
  body: Schema | undefined,
  perform: (live: LiveEvents, index: number, body: z.infer<Schema>) => void,
): ControlOperation {
  return operation({
    method: 'POST',
    path: `${PATH}/{id}/${action}`,
    summary,
    body,
    handle(request) {
      const meeting = meetingOf(request);
      const index = participantOf(meeting, request);
      meeting.presentAttendant(index);
      perform(meeting.live, index, request.body);
      return { body: participantDetail(meeting, index) };
    },
  });
}

const switches = (['webcam', 'screenshare'] as const).flatMap((type) =>
  ([true, false] as const).map((on) =>
    deed(
      `${type}_${on ? 'on' : 'off'}`,
      `${on ? 'Switch on' : 'Switch off'} their ${type}`,
      undefined,
      (live, index) => live.switchVideo(index, type, on),
    ),
  ),
);

function change(action: 'mute' | 'unmute' | 'leave', summary: string): ControlOperation {
  return operation({
    method: 'POST',
    path: `${PATH}/{id}/${action}`,
    summary,
    handle(request) {
      const meeting = meetingOf(request);
      const index = participantOf(meeting, request);
      meeting[action](index);
      return { body: participantDetail(meeting, index) };
    },
  });
}

export const participants: readonly ControlOperation[] = [
  operation({
    method: 'POST',
    path: PATH,
    summary: 'Somebody joins',
    body: joinSchema,
    handle(request) {
      const { id, name = null, is_host = false, platform = 'desktop', ...rest } = request.body;
      const { extra_data = {}, email } = rest;
      const meeting = meetingOf(request);
      meeting.join({ id, name, is_host, platform, extra_data, ...(email === undefined ? {} : { email }) });
      return { status: 201, body: participantDetail(meeting, meeting.indexOf(id)) };
    },
  }),
  change('mute', 'Close their microphone'),
  change('unmute', 'Open their microphone'),
  operation({
    method: 'POST',
    path: `${PATH}/{id}/speak`,
    summary: 'Say something into their open microphone',
    body: speakSchema,
    async handle(request) {
      const meeting = meetingOf(request);
      const index = participantOf(meeting, request);
      const source = await sourceOf(request.body, index, request.files);
      const { startSample, endSample } = meeting.speak(index, source, request.body.text);
      return {
        body: {
          ...participantDetail(meeting, index),
          start_s: startSample / SAMPLE_RATE,
          end_s: endSample / SAMPLE_RATE,
        },
      };
    },
  }),
  change('leave', 'They leave the meeting'),
  deed('chat', 'They write into the chat', chatSchema, (live, index, { text, to }) =>
    live.chat(index, text, to),
  ),
  deed('update', 'Their name or email changes', updateSchema, (live, index, { name, email }) =>
    live.change(index, {
      ...(name === undefined ? {} : { name }),
      ...(email === undefined ? {} : { email }),
    }),
  ),
  deed('transcript', 'Words of theirs are recognised, heard or not', wordsSchema, (live, index, { text }) =>
    live.transcript(index, text),
  ),
  ...switches,
];

async function sourceOf(
  { duration = 0, audio }: z.infer<typeof speakSchema>,
  index: number,
  files: ClientFiles,
): Promise<AudioSource> {
  if (audio !== undefined) return files.use(audio, 'audio', (path) => openAudioFile(path));
  const samples = Math.round(duration * SAMPLE_RATE);
  return speechSource({ seed: index + samples, samples, voice: voiceFor(1, index) });
}
