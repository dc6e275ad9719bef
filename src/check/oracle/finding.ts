/** What the oracle says, and its words for times and lengths. */
import { SAMPLE_RATE } from '../../protocol/pcm.ts';
import type { FormCode, Remark } from './form.ts';

type FindingCode =
  | FormCode
  | Remark['code']
  | 'missing'
  | 'truncated'
  | 'damaged'
  | 'unknown'
  | 'silence_inserted'
  | 'silence_length'
  | 'silence_not_restored'
  | 'wrong_order'
  | 'twice'
  | 'foreign'
  | 'interleaved'
  | 'swapped'
  | 'empty'
  | 'silent'
  | 'not_sent'
  | 'no_file'
  | 'extra_file'
  | 'unreadable'
  | 'layouts_differ'
  | 'stereo'
  | 'two_people'
  | 'level'
  | 'rate'
  | 'lossy'
  | 'mix_missing'
  | 'mix_length'
  | 'mix_offset'
  | 'speaker_missing'
  | 'speaker_confused'
  | 'speaker_extra'
  | 'speech_missed'
  | 'speech_invented'
  | 'speech_scattered'
  | 'diarization';

/** `note`: nothing is wrong, but it is good to know. */
type Severity = 'error' | 'warning' | 'note';

export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Whose audio it is about, by id; null when it is about the file or the meeting. */
  readonly participant: number | null;
  /** On the meeting's clock where it is about what was sent, else on the file's. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** One line, for a person. */
  readonly text: string;
}

/** A finding while it is made: positions in samples at 16 kHz. */
export interface Draft {
  readonly code: FindingCode;
  readonly severity?: Severity;
  readonly start: number;
  readonly end: number;
  /** How much it weighs, in samples, when that is not its length. What weighs nothing is always told. */
  readonly weight?: number;
  readonly text: string;
  /** What more than three of a kind are called together: `missing at {} places`. */
  readonly together?: string;
}

/** More than so many of a kind are told in one line. */
const MAX_OF_A_KIND = 3;

/** The heaviest first; many of a kind as one. Less than `tolerance` samples of a kind in all is nothing. */
export function toFindings(drafts: readonly Draft[], participant: number | null, tolerance = 0): Finding[] {
  const kinds = new Map<FindingCode, Draft[]>();
  for (const draft of drafts) {
    const kind = kinds.get(draft.code);
    if (kind === undefined) kinds.set(draft.code, [draft]);
    else kind.push(draft);
  }
  const told: Draft[] = [];
  for (const kind of kinds.values()) {
    const total = kind.reduce((sum, draft) => sum + weightOf(draft), 0);
    if (total <= tolerance && kind[0]!.weight !== 0) continue;
    const [first] = kind;
    if (kind.length <= MAX_OF_A_KIND || first!.together === undefined) {
      told.push(...kind.filter((draft) => draft.weight === 0 || weightOf(draft) > tolerance / 4));
      continue;
    }
    told.push({
      ...first!,
      end: kind.at(-1)!.end,
      weight: total,
      text: `${first!.together.replace('{}', String(kind.length))}, ${span(total)} in all; the first: ${first!.text}`,
    });
  }
  const order = (draft: Draft): number => ['error', 'warning', 'note'].indexOf(draft.severity ?? 'error');
  return told
    .sort((a, b) => order(a) - order(b) || weightOf(b) - weightOf(a))
    .map(({ code, severity = 'error', start, end, text }) => ({
      code,
      severity,
      participant,
      fromSeconds: start / SAMPLE_RATE,
      toSeconds: end / SAMPLE_RATE,
      text,
    }));
}

function weightOf({ start, end, weight }: Draft): number {
  return weight ?? end - start;
}

/** `3.0`, `3.25`, `3.256`: seconds, to the millisecond. */
export function seconds(samples: number): string {
  return (samples / SAMPLE_RATE).toFixed(3).replace(/0{1,2}$/, '');
}

/** A length: `0.7 s`, or `12 samples` when it is shorter than a millisecond. */
export function span(samples: number): string {
  if (samples < SAMPLE_RATE / 1_000) return `${samples} sample${samples === 1 ? '' : 's'}`;
  return `${seconds(samples)} s`;
}

/** `3.0–6.0 s`. */
export function period(start: number, end: number): string {
  return end - start < SAMPLE_RATE / 1_000
    ? `${span(end - start)} at ${seconds(start)} s`
    : `${seconds(start)}–${seconds(end)} s`;
}
