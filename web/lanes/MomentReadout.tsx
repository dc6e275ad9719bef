/** What was going on at the moment of the cursor: what happened near it, and what everybody was doing. */
import { Badge } from './Badge.tsx';
import { nameOf, type Person } from './people.ts';
import { timeText } from './time.ts';

/** More would be a table. */
const MAX_PEOPLE = 8;
const MAX_MARKS = 3;

interface MomentReadoutProps<Of> {
  readonly at: number;
  readonly marks: readonly { readonly at_s: number; readonly text: string }[];
  /** Seconds: a mark is as near as that. */
  readonly near: number;
  readonly of: readonly Of[];
  readonly keyOf: (each: Of) => number;
  readonly personOf: (each: Of) => Person;
  readonly stateOf: (each: Of) => string;
}

export function MomentReadout<Of>(props: MomentReadoutProps<Of>) {
  const { at, marks, near, of, keyOf, personOf, stateOf } = props;
  return (
    <ul>
      <li>
        <b>{timeText(at)}</b>
        {marks
          .filter(({ at_s }) => Math.abs(at_s - at) <= near)
          .slice(0, MAX_MARKS)
          .map(({ text, at_s }) => (
            <span key={`${at_s} ${text}`} class="near">
              <bdi>{text}</bdi>
            </span>
          ))}
      </li>
      {of.slice(0, MAX_PEOPLE).map((each) => (
        <li key={keyOf(each)}>
          <Badge person={personOf(each)} />
          <bdi class="name">{nameOf(personOf(each))}</bdi>
          <span>: {stateOf(each)}</span>
        </li>
      ))}
      {of.length > MAX_PEOPLE && <li>… {of.length - MAX_PEOPLE} more</li>}
    </ul>
  );
}
