/** Lines of a case as stretches of its meeting. */
import type { CaseResult } from '../../src/check/report.ts';
import type { LabelledSpan } from './SpanTrack.tsx';

type Line = Pick<CaseResult['lines'][number], 'participant' | 'from_s' | 'to_s' | 'severity' | 'text'>;

/** Those of a participant, or of nobody in particular, whose time is known. */
export function spansOf(lines: readonly Line[], of: number | null): LabelledSpan[] {
  return lines.flatMap(({ participant, from_s, to_s, severity, text }) =>
    participant !== of || from_s === null || to_s === null || to_s <= from_s
      ? []
      : [{ from: from_s, to: to_s, tone: severity, text }],
  );
}
