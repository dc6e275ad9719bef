/** Where the sound is that plays. */
import { useEffect, useState } from 'preact/hooks';
import { percent } from '../lanes/time.ts';
import type { Player } from './sound.ts';

export function Playhead({ player, duration }: { readonly player: Player; readonly duration: number }) {
  const [at, setAt] = useState(player.now());
  useEffect(() => {
    let request = 0;
    const follow = (): void => {
      setAt(player.now());
      request = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(request);
  }, [player.playing]);
  return <div class="playhead" style={{ left: percent(Math.min(at, duration), duration) }} />;
}
