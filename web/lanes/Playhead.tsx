/** Where audio plays: its time is the time of the file, which stands on the axis as it is. */
import { useEffect, useState } from 'preact/hooks';
import { percent } from './time.ts';

export function Playhead({
  audio,
  duration,
}: {
  readonly audio: HTMLAudioElement;
  readonly duration: number;
}) {
  const [at, setAt] = useState(0);
  useEffect(() => {
    let request = 0;
    const follow = (): void => {
      setAt(audio.currentTime);
      request = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(request);
  }, [audio]);
  return <div class="playhead" style={{ left: percent(Math.min(at, duration), duration) }} />;
}
