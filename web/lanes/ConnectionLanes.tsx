/** Connections one below the other, as many lanes as they need; the first has the label. */
import { useMemo } from 'preact/hooks';
import { type ConnectionBar, ConnectionTrack } from './ConnectionTrack.tsx';
import { Lane } from './Lane.tsx';
import { rowsOf } from './rows.ts';

interface ConnectionLanesProps {
  readonly bars: readonly ConnectionBar[];
  /** Seconds that the axis spans. */
  readonly duration: number;
  /** Where the meeting is, while it goes on. */
  readonly now?: number;
}

export function ConnectionLanes({ bars, ...axis }: ConnectionLanesProps) {
  const rows = useMemo(() => rowsOf(bars), [bars]);
  return (
    <>
      {rows.map((row, index) => (
        <Lane key={row[0]!.connection.number} kind="wire" label={index === 0 ? 'connections' : undefined}>
          <ConnectionTrack bars={row} {...axis} />
        </Lane>
      ))}
    </>
  );
}
