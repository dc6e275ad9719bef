/** One row of a timeline: a label that stays in view, and a track on the axis. */
import type { ComponentChildren } from 'preact';

interface LaneProps {
  readonly kind: 'sent' | 'wire' | 'findings' | 'ribbons' | 'kept' | 'marks';
  readonly label?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Lane({ kind, label, children }: LaneProps) {
  return (
    <div class={`lane lane-${kind}`}>
      <div class="lane-label">{label}</div>
      <div class="lane-track">{children}</div>
    </div>
  );
}
