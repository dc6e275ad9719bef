import type { Case } from '../case.ts';
import { lateFailures } from '../lines.ts';
import { meetingOf, PEOPLE } from '../meeting.ts';
import type { CaseMeeting } from '../seen.ts';

const COMMON = {
  expects: 'The audio of each participant is kept as without them.',
  remedy:
    'Look at `event` first: what is not `audio_separate_raw.data` has other fields, and is left to whoever wants it.',
  tier: 'default',
  look: lateFailures,
} as const satisfies Partial<Case>;

export const eventsOfParticipants: Case = {
  ...COMMON,
  id: 'events.participant_events',
  title: 'people join, chat, speak and leave, and each is an event at the same URL',
  why: 'One endpoint may be subscribed to several events. In these `data.data` has no buffer, and its own `data` may be null.',
  source: 'Recall, "Meeting Participants & Events" and "Real-Time Event Payloads", 2025-06',
  rounds: () => [[withEvents('participant_events.*')]],
};

export const eventsOfTranscripts: Case = {
  ...COMMON,
  id: 'events.transcripts',
  title: 'transcripts come to the same URL',
  why: 'Apps that transcribe and keep audio have both at one endpoint. In a transcript `data.data` has words in place of a buffer, and no timestamp.',
  source: 'Recall, "Real-Time Event Payloads", 2025-06',
  rounds: () => [[withEvents('transcript.data', 'transcript.partial_data')]],
};

export const eventsOfMixedAudio: Case = {
  ...COMMON,
  id: 'events.mixed_audio',
  title: 'the mixed audio of all comes to the same URL',
  why: 'It has a buffer and a timestamp, as separate audio has, but no participant.',
  source: 'Recall, "Mixed Audio (real-time)", read 2026-09: chunks of 200 ms',
  remedy:
    'Look at `event` first: `audio_mixed_raw.data` is the mix of all, and belongs to nobody. Keep it apart, or leave it out.',
  rounds: () => [[withEvents('audio_mixed_raw.data')]],
};

function withEvents(...events: readonly string[]): CaseMeeting {
  const [ada, ben] = PEOPLE;
  return {
    scenario: meetingOf(
      [
        {
          ...ada,
          unmuted: [[0, 2.2, 'silent']],
          does: (timeline) =>
            timeline
              .speak(0, { duration: 2, text: 'Good morning, shall we begin?' })
              .chat(0.6, 'The agenda is in the invitation.'),
        },
        {
          ...ben,
          unmuted: [[0.5, 1.9, 'silent']],
          does: (timeline) =>
            timeline
              .join(0.2)
              .speak(0.6, { duration: 1.2, text: 'Yes, I am ready.' })
              .update(1, { email: 'ben@example.com' })
              .webcam(1.1, true)
              .leave(2.1),
        },
      ],
      2.5,
    ),
    events,
  };
}
