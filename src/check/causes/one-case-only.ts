import type { KeptCause } from '../cause.ts';
import type { CaseResult } from '../report.ts';
import { isWrong } from '../results.ts';

/**
 * Cases in which everything is plain but one thing. When what is plain passes, that thing is the cause: what the receiver does with
 * it is not known, and what came of it is told.
 */
const ONLY: Readonly<Record<string, { readonly code: string; readonly at: string }>> = {
  'names.empty': { code: 'empty_names', at: 'an empty name' },
  'names.renamed': { code: 'renamed', at: 'somebody who is renamed in the meeting' },
  'names.unicode': { code: 'unicode_names', at: 'names beyond Latin letters' },
  'names.unsafe': { code: 'unsafe_names', at: 'names that no file should have (`../../etc/passwd`, `a/b`)' },
  'names.long': { code: 'long_names', at: 'a name of a thousand characters' },
  'names.email': { code: 'emails', at: 'email addresses that are there, null or absent' },
  'names.bot_voice': { code: 'bot_voice', at: "the bot's own voice" },
  'names.back_new_id': { code: 'back_with_new_id', at: 'somebody who comes back with a new id' },
  'names.back_same_id': {
    code: 'back_with_same_id',
    at: 'somebody who leaves and comes back, or at the events that say so',
  },
  'frames.changing_sizes': { code: 'changing_sizes', at: 'messages of changing length' },
  'frames.10_ms': { code: 'short_messages', at: 'messages of 10 ms' },
  'frames.20_ms': { code: 'short_messages', at: 'messages of 20 ms' },
  'frames.200_ms': { code: 'long_messages', at: 'messages of 200 ms' },
  'frames.1000_ms': { code: 'long_messages', at: 'messages of a second' },
  'frames.unknown_fields': { code: 'unknown_fields', at: 'messages with fields that it does not know' },
  'frames.nulls': { code: 'null_fields', at: '`is_host`, `extra_data` or `platform` that is null' },
  'frames.bot_null': { code: 'no_bot', at: 'messages whose `bot` is null' },
  'frames.bot_absent': { code: 'no_bot', at: 'messages without `bot`' },
  'frames.metadata': { code: 'metadata', at: 'metadata that is filled' },
  'frames.short_last': { code: 'short_last_frame', at: 'a short last message' },
  'frames.absolute_z_millis': { code: 'absolute_spelling', at: '`absolute` with milliseconds and Z' },
  'frames.absolute_z_micros': { code: 'absolute_spelling', at: '`absolute` with microseconds and Z' },
  'events.unknown': { code: 'unknown_events', at: 'an event that it does not know' },
  'events.participant_events': { code: 'other_events', at: 'participant events beside audio' },
  'events.transcripts': { code: 'other_events', at: 'transcripts beside audio' },
  'events.mixed_audio': { code: 'mixed_audio', at: 'mixed audio beside separate audio' },
};

/** Diagnoses that say how a connection ended, and not at what. */
const ENDS = ['crash', 'shutdown', 'handler_error', 'rejects_messages', 'closed_by_itself', 'unknown'];

export const oneCaseOnly: readonly KeptCause[] = Object.entries(ONLY).map(([id, { code, at }]) => ({
  code,
  title: `Fails at ${at}`,
  shows: `\`${id}\` fails, and cases without that pass.`,
  remedy: '',
  look(results) {
    const explains = results
      .of(id)
      .filter((each) => isWrong(each) && isOpen(each) && results.certaintyOf(each) === 'certain');
    if (explains.length === 0) return undefined;
    return { certainty: 'certain', text: `The receiver fails at ${at}`, explains };
  },
}));

/** Whether what went over the wire has no narrower cause. */
function isOpen({ diagnoses }: CaseResult): boolean {
  return diagnoses.every(({ code }) => ENDS.includes(code));
}
