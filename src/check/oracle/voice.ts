/**
 * The audio of cases: speech over a room noise that never repeats, so that any 10 ms of it say whose they are and where
 * they stand. The noise is loud enough to be found again in lossy copies, also in the pauses of speech.
 */
import { createRandom } from '../../audio/random.ts';
import { keptSource } from '../../audio/shared-speech.ts';
import { generated } from '../../audio/signals.ts';
import type { AudioSource } from '../../audio/source.ts';
import { speechSource, voiceFor } from '../../audio/speech.ts';
import type { Segment, Timeline } from '../../scenario/timeline.ts';

/** Peaks of the noise before its low-pass, in sample values. About -45 dBFS RMS. */
const ROOM_PEAK = 700;
/** Of somebody who is unmuted and silent: what an open microphone sends, about -67 dBFS RMS. */
const SILENT_PEAK = 24;
/** A one-pole low-pass at about 1 kHz: codecs keep what is low. */
const LOW_PASS = 0.33;
/** Leaves speech at about -15 dBFS RMS: not so far above the room that noise in a copy covers it. */
const SPEECH_LEVEL = 0.3;

export interface CaseVoice {
  readonly seed: number;
  /** Index of the participant. */
  readonly participant: number;
  /** Where it begins on the meeting's clock, in samples at 16 kHz. */
  readonly startSample: number;
  readonly samples: number;
  readonly kind: Segment['kind'];
}

/** The same arguments give the same samples; others give others. */
export function caseVoice({ seed, participant, startSample, samples, kind }: CaseVoice): AudioSource {
  const own = (Math.imul(seed, 1_000_003) + Math.imul(participant + 1, 7_919) + startSample) | 0;
  if (kind === 'silence') {
    return generated(samples, () => {
      const random = createRandom(own, 6);
      return () => random.integer(-SILENT_PEAK, SILENT_PEAK);
    });
  }
  const speech = speechSource({ seed: own, samples, voice: voiceFor(seed, participant) });
  return {
    samples,
    open() {
      const reader = speech.open();
      const random = createRandom(own, 5);
      let room = 0;
      return {
        read(into) {
          reader.read(into);
          for (let index = 0; index < into.length; index++) {
            room += LOW_PASS * ((random.next() * 2 - 1) * ROOM_PEAK - room);
            into[index] = Math.round(into[index]! * SPEECH_LEVEL + room);
          }
        },
        close: () => reader.close(),
      };
    },
  };
}

/**
 * The same meeting, with case audio in place of its own: whoever spoke speaks, whoever was silent is silent. It is sent, and then it is
 * compared with: made once for both.
 */
export function withCaseVoices(timeline: Timeline, seed = timeline.seed): Timeline {
  return {
    ...timeline,
    streams: timeline.streams.map((plan) => ({
      ...plan,
      segments: plan.segments.map((segment) => ({
        ...segment,
        source: keptSource(
          caseVoice({
            seed,
            participant: plan.participant,
            startSample: segment.startSample,
            samples: segment.endSample - segment.startSample,
            kind: segment.kind,
          }),
        ),
      })),
    })),
  };
}
