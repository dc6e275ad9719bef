import type { KeptCause } from '../cause.ts';

/** It hands on its audio to somebody else than us. */
export const tapUnused: KeptCause = {
  code: 'tap_unused',
  title: 'Posts nothing to the tap',
  shows: 'Audio was sent and taken, and in no case did a request come to the tap.',
  remedy:
    'Post what the receiver hands on to RECALL_EMULATOR_TAP: as raw PCM, to /recordings/RECORDING_ID/participants/PARTICIPANT_ID.',
  look({ wrong, meetings }) {
    const wasSent = meetings.some(({ lanes }) => lanes.some(({ unmuted }) => unmuted.length > 0));
    const isUsed = meetings.some(({ kept_by, kept }) => kept_by !== 'tap' || kept?.length !== 0);
    const silent = wrong.filter(({ diagnoses }) => diagnoses.length === 0);
    if (!wasSent || isUsed || silent.length === 0) return undefined;
    return { certainty: 'certain', text: 'The receiver posted nothing to the tap', explains: silent };
  },
};
