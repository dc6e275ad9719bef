/** Time that nobody waits for. */
import { act } from './call.ts';

const STEPS = [
  { seconds: 10, text: '10 s' },
  { seconds: 60, text: '1 min' },
  { seconds: 600, text: '10 min' },
];

export function TimeMenu() {
  return (
    <fieldset class="segments" aria-label="Skip time">
      <span class="segments-label">Skip</span>
      {STEPS.map(({ seconds, text }) => (
        <button
          key={seconds}
          type="button"
          title={`What falls due in the next ${text} happens now, for every bot`}
          onClick={() => act('POST', '/advance', { seconds }, `${text} skipped`)}
        >
          {text}
        </button>
      ))}
    </fieldset>
  );
}
