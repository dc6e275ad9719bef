/** The name of a kept file, its layout, and a button to hear it. */
import type { KeptReport } from '../../src/check/report.ts';
import type { Player } from './usePlayer.ts';

/** How silence stands in it, where the file shows it. */
const LAYOUTS: Readonly<Record<string, string>> = {
  timeline: 'silence restored',
  concatenation: 'silence left out',
};

export function FileLabel({ kept, player }: { readonly kept: KeptReport; readonly player: Player }) {
  const isPlaying = player.playing?.file === kept.file;
  const name = kept.file.split(/[/\\]/).at(-1)!;
  const layout = LAYOUTS[kept.layout];
  return (
    <>
      {kept.audio !== undefined && (
        <button
          type="button"
          class="play"
          aria-label={`${isPlaying ? 'Stop' : 'Play'} ${name}`}
          onClick={() => player.toggle(kept)}
        >
          <svg viewBox="0 0 12 12" width="10" height="10" aria-hidden="true">
            <path d={isPlaying ? 'M1.5 1.5h9v9h-9z' : 'M2.500 1l8 5-8 5z'} />
          </svg>
        </button>
      )}
      <bdi title={layout === undefined ? kept.file : `${kept.file}: ${layout}`}>{name}</bdi>
    </>
  );
}
