/** What is shown while a meeting plays: one live line per participant in a terminal, plain lines elsewhere. On stderr. */
import { createLogUpdate } from 'log-update';
import type { ParticipantStatus, Session } from '../emulator/session.ts';
import { type Colour, colour } from './style.ts';

const REDRAW_MS = 100;
const PLAIN_LINE_MS = 5_000;
const BAR_WIDTH = 30;
const METER_WIDTH = 12;
/** The meter's left end, in dBFS: a noise floor stays dark, speech lights it. */
const METER_FLOOR_DBFS = -60;

const COLOURS: Partial<Record<ParticipantStatus['state'], Colour>> = {
  open: 'green',
  connecting: 'yellow',
  retrying: 'yellow',
  reconnecting: 'yellow',
  failed: 'red',
};

/** Shows a session until `stop()` is called. */
export function startDisplay(
  session: Session,
  options: { readonly live: boolean; readonly quiet: boolean; readonly verbose: boolean },
): { stop(): void } {
  const update = createLogUpdate(process.stderr);
  const draw = (): void => update(frame(session));
  session.events.on('log', (level, text) => {
    if (level === 'debug' && !options.verbose) return;
    if (level !== 'warn' && options.quiet) return;
    if (options.live) update.clear();
    console.error(`${session.elapsedSeconds.toFixed(1).padStart(6)} s  ${text}`);
    if (options.live) draw();
  });
  if (options.quiet) return { stop() {} };
  if (!options.live) {
    const timer = setInterval(() => console.error(plainLine(session)), PLAIN_LINE_MS);
    return { stop: () => clearInterval(timer) };
  }
  const timer = setInterval(draw, REDRAW_MS);
  return {
    stop() {
      clearInterval(timer);
      draw();
      update.done();
    },
  };
}

function frame(session: Session): string {
  const status = session.status();
  const width = Math.max(...status.map(({ participant }) => label(participant).length));
  const lines = status.map(({ participant, state, level, sent, dropped }) =>
    [
      label(participant).padEnd(width),
      colour(process.stderr, COLOURS[state] ?? 'gray', state.padEnd(12)),
      meter(level),
      `${sent} frames`.padStart(12),
      dropped === 0 ? '' : colour(process.stderr, 'red', `${dropped} dropped`),
    ].join('  '),
  );
  return [...lines, progressBar(session)].join('\n');
}

function progressBar(session: Session): string {
  const total = session.timeline.durationSamples / 16_000;
  const elapsed = Math.min(session.elapsedSeconds, total);
  const done = total === 0 ? BAR_WIDTH : Math.round((elapsed / total) * BAR_WIDTH);
  return `${'█'.repeat(done)}${'░'.repeat(BAR_WIDTH - done)}  ${elapsed.toFixed(1)} / ${total.toFixed(1)} s`;
}

function plainLine(session: Session): string {
  const total = (session.timeline.durationSamples / 16_000).toFixed(0);
  const parts = session.status().map(({ participant, state, sent, dropped }) => {
    return `${label(participant)} ${state} ${sent} frames${dropped === 0 ? '' : `, ${dropped} dropped`}`;
  });
  return `${session.elapsedSeconds.toFixed(0).padStart(4)}/${total} s  ${parts.join(' | ')}`;
}

function meter(level: number): string {
  const dbfs = level > 0 ? 20 * Math.log10(level) : Number.NEGATIVE_INFINITY;
  const lit = Math.max(0, Math.min(METER_WIDTH, Math.round((1 - dbfs / METER_FLOOR_DBFS) * METER_WIDTH)));
  return `${colour(process.stderr, 'green', '▮'.repeat(lit))}${colour(process.stderr, 'gray', '▯'.repeat(METER_WIDTH - lit))}`;
}

/** Name and id; control characters of a name never reach the terminal. */
export function label(participant: { readonly id: number; readonly name: string | null }): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const name = (participant.name ?? '(no name)').replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
  return `${name} #${participant.id}`;
}
