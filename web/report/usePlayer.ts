/** Plays one kept file at a time. */
import { useEffect, useState } from 'preact/hooks';
import type { KeptReport } from '../../src/check/report.ts';

export interface Player {
  /** The file that plays, and its audio. */
  readonly playing: { readonly file: string; readonly audio: HTMLAudioElement } | undefined;
  readonly toggle: (kept: KeptReport) => void;
}

export function usePlayer(): Player {
  const [playing, setPlaying] = useState<Player['playing']>(undefined);
  useEffect(() => {
    if (playing === undefined) return;
    const { audio } = playing;
    const end = (): void => setPlaying(undefined);
    audio.addEventListener('ended', end);
    audio.addEventListener('error', end);
    audio.play().catch(end);
    return () => {
      audio.removeEventListener('ended', end);
      audio.removeEventListener('error', end);
      audio.pause();
    };
  }, [playing]);
  return {
    playing,
    toggle: ({ file, audio }) =>
      setPlaying(
        audio === undefined || playing?.file === file
          ? undefined
          : { file, audio: new Audio(`data:audio/wav;base64,${audio}`) },
      ),
  };
}
