/** A frame as the message that went over the wire. Its audio is told by its length: the trace has it smaller than it was. */
import { formatAbsolute } from '../../src/protocol/absolute.ts';
import type { Participant } from '../../src/protocol/participant.ts';
import { type MeetingTrace, type PersonTrace, SAMPLE_RATE } from './meeting.ts';

const BYTES_PER_SAMPLE = 2;

/** `row`: of the participant's frames. */
export function messageOf(meeting: MeetingTrace, of: PersonTrace, row: number): unknown {
  const { head, frames, accounts, endpointOf } = meeting;
  const startSample = frames.startSample[row]!;
  const bytes = frames.samples[row]! * BYTES_PER_SAMPLE;
  const micros = Math.round((startSample * 1_000_000) / SAMPLE_RATE);
  const { connection = 0 } = accounts.get(frames.account[row]!) ?? {};
  return {
    event: 'audio_separate_raw.data',
    data: {
      data: {
        buffer: `… (${4 * Math.ceil(bytes / 3)} characters of base64: ${bytes} bytes)`,
        timestamp: {
          relative: startSample / SAMPLE_RATE,
          absolute: formatAbsolute(head.startMicros + micros, head.absoluteFormat),
        },
        participant: participantAt(of, startSample / SAMPLE_RATE),
      },
      realtime_endpoint: head.endpoints[endpointOf.get(connection) ?? 0]?.resource ?? null,
      audio_separate: head.audioSeparate,
      recording: head.recording,
      ...(head.bot === undefined ? {} : { bot: head.bot }),
    },
  };
}

/** What their messages said of them at this time. */
function participantAt({ streams }: PersonTrace, at: number): Participant {
  return (streams.findLast(({ from_s }) => from_s <= at + 1e-6) ?? streams[0]!).as;
}
