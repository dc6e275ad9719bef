/** Mistakes with those who speak, and those who do not. */
import { SAMPLE_RATE } from '../../../../src/protocol/pcm.ts';
import { drops, endOf, LOST, type Mistake, Notes, peakOf, startOf } from './mistake.ts';

export const BASIC: readonly Mistake[] = [
  drops('keeps 128 KiB of a stretch', 'basic.one_speaker', () => {
    const stretches = new Notes({ start: 0, end: 0 });
    return (audio) => {
      const last = stretches.of(audio);
      const start = last.end === startOf(audio) ? last.start : startOf(audio);
      stretches.set(audio, { start, end: endOf(audio) });
      return (endOf(audio) - start) * 2 <= 128 * 1_024;
    };
  }),
  drops('takes the third who begins at one moment for an echo', 'basic.three_at_once', () => {
    const begun = new Map<number, number>();
    const times: number[] = [];
    return ({ id, relative }) => {
      if (!begun.has(id)) {
        times.push(relative);
        begun.set(id, times.filter((time) => time === relative).length);
      }
      return begun.get(id)! < 3;
    };
  }),
  drops('expects everybody in the first two seconds', 'basic.muted_from_start', () => {
    const ids = new Set<number>();
    return ({ id, relative }) => {
      if (relative < 2) ids.add(id);
      return ids.has(id);
    };
  }),
  drops('takes a second of silence for the end of a participant', 'basic.silent', () => {
    const quiet = new Notes(0);
    return (audio) => {
      if (quiet.of(audio) > SAMPLE_RATE) return false;
      quiet.set(audio, peakOf(audio.pcm) < 50 ? quiet.of(audio) + audio.pcm.length : 0);
      return true;
    };
  }),
  {
    ...drops(
      'leaves out what is quiet',
      // Whose words are written down is unmuted before and after them.
      ['basic.silent', 'events.mixed_audio', 'events.participant_events', 'events.transcripts'],
      () =>
        ({ pcm }) =>
          peakOf(pcm) >= 50,
    ),
    verdict: 'warn',
  },
  {
    what: 'makes every file as loud as the others',
    costs: ['basic.nobody_speaks'],
    says: /level is changed/,
    verdict: 'warn',
    steps: () => ({
      finish: (samples) => {
        const peak = peakOf(samples);
        return peak > 1_000 ? samples : samples.map((sample) => Math.round((sample * 20_000) / peak));
      },
    }),
  },
  {
    what: 'forgets everybody when a connection closes that brought nothing',
    costs: ['basic.connection_without_frame'],
    // Whoever is dialled again just before the end may have nothing more to bring.
    mayCost: ['connections.lost_and_back', 'connections.lost_for_long', 'connections.replaced_late_close'],
    says: LOST,
    steps: () => ({
      close: ({ messages }, forgetAll) => {
        if (messages === 0) forgetAll();
      },
    }),
  },
];
