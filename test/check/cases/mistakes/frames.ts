/** Mistakes with the length of messages and what is in them. */
import type { Steps } from '../stage.ts';
import { drops, type Mistake, Notes } from './mistake.ts';

/** Whatever comes of audio, in these none does. */
const WITHOUT_AUDIO = ['basic.nobody_speaks', 'connections.kept_alive'];

/** At most so many messages a second of one participant. */
function atMost(perSecond: number): Steps['takes'] {
  const seconds = new Notes({ second: -1, count: 0 });
  return (audio) => {
    const second = Math.floor(audio.relative);
    const last = seconds.of(audio);
    const count = last.second === second ? last.count + 1 : 1;
    seconds.set(audio, { second, count });
    return count <= perSecond;
  };
}

export const FRAMES: readonly Mistake[] = [
  drops('takes 60 messages a second', 'frames.10_ms', () => atMost(60)),
  // Whoever cannot take 50 messages a second cannot take 100.
  drops('takes 40 messages a second', ['frames.10_ms', 'frames.20_ms'], () => atMost(40)),
  drops(
    'takes 200 ms for mixed audio',
    'frames.200_ms',
    () =>
      ({ pcm }) =>
        pcm.length !== 3_200,
  ),
  // All others have messages of 100 ms.
  drops(
    'takes messages of 200 ms, as mixed audio has',
    { allBut: ['frames.200_ms', ...WITHOUT_AUDIO] },
    () =>
      ({ pcm }) =>
        pcm.length === 3_200,
  ),
  drops(
    'has room for 20 kB of audio in a message',
    'frames.1000_ms',
    () =>
      ({ pcm }) =>
        pcm.byteLength <= 20_000,
  ),
  drops('has a buffer of the size of the first message', 'frames.changing_sizes', () => {
    const sizes = new Notes(0);
    return (audio) => {
      if (sizes.of(audio) === 0) sizes.set(audio, audio.pcm.length);
      return audio.pcm.length <= sizes.of(audio);
    };
  }),
  drops(
    'takes whole 10 ms',
    'frames.short_last',
    () =>
      ({ pcm }) =>
        pcm.length % 160 === 0,
  ),
  drops(
    'lets no unknown field pass',
    'frames.unknown_fields',
    () =>
      ({ data }) =>
        !('x_new_field' in data),
  ),
  drops(
    'looks into extra_data',
    'frames.nulls',
    () =>
      ({ data }) =>
        data.data.participant.extra_data.zoom === undefined,
  ),
  {
    ...drops(
      'looks into a bot that is null',
      'frames.bot_null',
      () =>
        ({ data }) =>
          data.bot === undefined || data.bot.id !== '',
    ),
    verdict: 'warn',
  },
  {
    ...drops(
      'looks into a bot that is not there',
      'frames.bot_absent',
      () =>
        ({ data }) =>
          'bot' in data,
    ),
    verdict: 'warn',
  },
  // Both end with a Z.
  drops(
    'takes times with an offset',
    ['frames.absolute_z_micros', 'frames.absolute_z_millis'],
    () =>
      ({ absolute }) =>
        absolute.endsWith('+00:00'),
  ),
  // And all others times with an offset.
  drops(
    'takes times with a Z',
    { allBut: ['frames.absolute_z_micros', 'frames.absolute_z_millis', ...WITHOUT_AUDIO] },
    () =>
      ({ absolute }) =>
        absolute.endsWith('Z'),
  ),
  drops(
    'takes times with a Z to milliseconds',
    'frames.absolute_z_micros',
    () =>
      ({ absolute }) =>
        !/\d{6}Z$/.test(absolute),
  ),
  drops(
    'takes times to microseconds',
    'frames.absolute_z_millis',
    () =>
      ({ absolute }) =>
        /\.\d{6}\D/.test(absolute),
  ),
  drops(
    'takes metadata for empty',
    'frames.metadata',
    () =>
      ({ data }) =>
        Object.keys(data.recording.metadata).length === 0,
  ),
];
