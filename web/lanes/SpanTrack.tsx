/** A stretch of the meeting with a word on it: what is wrong there. */
import { place } from './time.ts';

export interface LabelledSpan {
  readonly from: number;
  readonly to: number;
  readonly tone: 'error' | 'warning' | 'note';
  readonly text: string;
}

/** From here on words have more room on the left. */
const LATE = 0.6;

export function SpanTrack({ span, duration }: { readonly span: LabelledSpan; readonly duration: number }) {
  const { from, to, tone, text } = span;
  return (
    <div
      class={`span span-${tone} ${from > duration * LATE ? 'late' : ''}`}
      style={place(from, to, duration)}
      title={text}
    >
      <span>{text}</span>
    </div>
  );
}
