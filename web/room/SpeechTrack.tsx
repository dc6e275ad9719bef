/** When somebody is heard speaking. */
import { place, spanText } from '../lanes/time.ts';
import { drawn, useView } from '../lanes/view.ts';
import type { MeetingState } from './meeting-state.ts';

interface SpeechTrackProps {
  readonly state: MeetingState;
  readonly participant: number;
  readonly tone: string;
  readonly duration: number;
}

export function SpeechTrack({ state, participant, tone, duration }: SpeechTrackProps) {
  const view = useView();
  const own = state.speeches
    .filter((speech) => speech.participant === participant)
    .map(({ from_s, to_s }) => ({ from: from_s, to: to_s ?? state.now }));
  return (
    <>
      {drawn(own, view, (span) => span).map(({ from, to }) => (
        <div
          key={from}
          class={`speech ${tone}`}
          style={place(from, to, duration)}
          title={`speaks ${spanText(from, to)}`}
        />
      ))}
    </>
  );
}
