import type { KeptCause } from '../case.ts';

/** It hands on its audio to somebody else than us. */
export const tapUnused: KeptCause = {
  code: 'tap_unused',
  title: 'Posts nothing to the tap',
  shows: 'Audio was sent and taken, and no request came to the tap.',
  remedy:
    'Post what the receiver hands on to RECALL_EMULATOR_TAP: as raw PCM, to /recordings/RECORDING_ID/participants/PARTICIPANT_ID.',
  look({ meetings, exit }) {
    if (exit !== undefined || meetings.some(({ diagnoses }) => diagnoses.length > 0)) return undefined;
    const heard = meetings.filter(({ sent }) => sent.tracks.some(({ ranges }) => ranges.length > 0));
    const isUnused = heard.every(({ kept }) => kept?.by === 'tap' && kept.files.length === 0);
    if (heard.length === 0 || !isUnused) return undefined;
    return {
      certainty: 'certain',
      text: 'The receiver posted nothing to the tap',
      evidence: heard.map(({ recordingId }) => `no request for recording ${recordingId}`),
    };
  },
};
