/** How much of some audio is speech, to a real voice activity detector. */
import createFvad from '@echogarden/fvad-wasm';

const FRAME = 480; // 30 ms

/** The share of 30 ms frames that WebRTC's voice activity detector takes for speech. */
export async function speechShare(pcm: Int16Array, mode: number): Promise<number> {
  const fvad = await createFvad();
  const detector = fvad._fvad_new();
  fvad._fvad_set_sample_rate(detector, 16_000);
  fvad._fvad_set_mode(detector, mode);
  const pointer = fvad._malloc(FRAME * 2);
  let speech = 0;
  let frames = 0;
  for (let at = 0; at + FRAME <= pcm.length; at += FRAME) {
    fvad.HEAP16.set(pcm.subarray(at, at + FRAME), pointer / 2);
    if (fvad._fvad_process(detector, pointer, FRAME) === 1) speech++;
    frames++;
  }
  fvad._free(pointer);
  fvad._fvad_free(detector);
  return speech / frames;
}
