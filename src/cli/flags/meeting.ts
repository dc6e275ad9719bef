/** Flags that say what is played, and where. */
import { DEFAULTS } from '../../emulator/options.ts';
import { text, valued } from '../flag.ts';
import * as read from '../readers.ts';

export const MEETING_FLAGS = {
  to: text(
    'to',
    '--to <url>',
    'ws:// or wss:// URL of the receiver, dialled exactly as given; trigger: http:// or https:// of an app, too',
  ),
  capture: text('capture', '--capture <file>', 'replay a capture (events.ndjson) instead of a scenario'),
  scenario: text(
    'scenario',
    '--scenario <file>',
    'what bots play: a file, a capture or a built-in name such as standup',
    'a generated meeting',
  ),
  participants: valued(
    'participants',
    '--participants <n>',
    'people in a meeting; under load all of them talk all the time',
    read.integer,
  ),
  duration: valued('durationSeconds', '--duration <time>', 'how long a meeting lasts', read.seconds),
  seed: valued('seed', '--seed <n>', 'ids, generated meetings and audio are made from it', read.integer),
  startTime: valued('startTime', '--start-time <iso>', 'when the recording starts', read.time, 'now'),
  speed: valued(
    'speed',
    '--speed <n|max>',
    '1 is real time; max waits for nothing but the receiver',
    read.speed,
    `${DEFAULTS.speed}`,
  ),
  events: valued(
    'events',
    '--events <list>',
    'events to send, such as participant_events.*,transcript.data, or all; may be repeated',
    read.names,
    "the scenario's, else audio_separate_raw.data",
  ),
  botMetadata: valued(
    'botMetadata',
    '--bot-metadata <key=value>',
    'metadata of the bot in every message; may be repeated',
    read.metadata,
  ),
  endpointMetadata: valued(
    'endpointMetadata',
    '--endpoint-metadata <key=value>',
    'metadata of the real-time endpoint in every message; may be repeated',
    read.metadata,
  ),
} as const;
