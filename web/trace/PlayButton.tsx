/** Plays something, or stops what plays. */
import type { Player } from './sound.ts';

interface PlayButtonProps {
  /** Who or what is heard. */
  readonly label: string;
  readonly player: Player;
  readonly onPlay: () => void;
}

export function PlayButton({ label, player, onPlay }: PlayButtonProps) {
  const isPlaying = player.playing !== undefined;
  return (
    <button
      type="button"
      class="play"
      aria-label={isPlaying ? 'Stop' : `Play ${label}`}
      onClick={isPlaying ? player.stop : onPlay}
    >
      <svg viewBox="0 0 12 12" width="10" height="10" aria-hidden="true">
        <path d={isPlaying ? 'M1.500 1.5h9v9h-9z' : 'M2.500 1l8 5-8 5z'} />
      </svg>
    </button>
  );
}
