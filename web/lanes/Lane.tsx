/** One row of a timeline: a label that stays in view, and a track on the axis. Its height is that of its kind. */
import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import { InSight } from './Lanes.tsx';

interface LaneProps {
  readonly kind: 'sent' | 'speech' | 'wire' | 'findings' | 'ribbons' | 'kept' | 'marks' | 'frames';
  readonly label?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Lane({ kind, label, children }: LaneProps) {
  const isInSight = useContext(InSight);
  return (
    <div class={`lane lane-${kind}`}>
      <div class="lane-label">{label}</div>
      <div class="lane-track">{isInSight && children}</div>
    </div>
  );
}
