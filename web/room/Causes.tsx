/** Why something goes wrong, in the receiver's terms, as soon as it is known. */
import type { MeetingState } from './meeting-state.ts';

export function Causes({ state }: { readonly state: MeetingState }) {
  return (
    <section class="causes" aria-label="What goes wrong" aria-live="polite">
      {state.diagnoses.map(({ code, text, evidence, remedy, certainty }) => (
        <details key={code} class="diagnosis" open={state.diagnoses.length === 1}>
          <summary>
            <b>{text}</b>
            <span class="chip">{certainty === 'certain' ? code : `${code}, likely`}</span>
          </summary>
          <ul>
            {evidence.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
          <p class="remedy-line">{remedy}</p>
        </details>
      ))}
    </section>
  );
}
