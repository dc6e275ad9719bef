/**
 * Plays a meeting: frames of all who are heard are summed at their places in it, and leave a little later. Runs in the audio thread, in
 * a context of 16 kHz.
 */
const RING_SAMPLES = 16_000 * 4;
/** What may come late by so much is still heard in its place. */
const DELAY_SAMPLES = 2_400;
/** In place of a participant: it has no place in the meeting. */
const UNRECORDED = 0xffff_ffff;
const FULL_SCALE = 32_768;

class Player extends AudioWorkletProcessor {
  #ring = new Float32Array(RING_SAMPLES);
  /** Position in the meeting of the sample that leaves next; undefined before anything has come. */
  #at;
  /** What follows on what came before. */
  #queue = [];
  #queueOffset = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (data === 'clear') this.#clear();
      else if (data.participant === UNRECORDED) this.#queue.push(data.pcm);
      else this.#add(data.startSample, data.pcm);
    };
  }

  process(_inputs, outputs) {
    const output = outputs[0][0];
    for (let index = 0; index < output.length; index++)
      output[index] = this.#nextInMeeting() + this.#nextQueued();
    return true;
  }

  #add(startSample, pcm) {
    const end = startSample + pcm.length;
    if (this.#at === undefined || end <= this.#at || end > this.#at + RING_SAMPLES) {
      this.#ring.fill(0);
      this.#at = startSample - DELAY_SAMPLES;
    }
    for (let index = Math.max(0, this.#at - startSample); index < pcm.length; index++)
      this.#ring[(startSample + index) % RING_SAMPLES] += pcm[index] / FULL_SCALE;
  }

  #nextInMeeting() {
    if (this.#at === undefined) return 0;
    const place = ((this.#at % RING_SAMPLES) + RING_SAMPLES) % RING_SAMPLES;
    const sample = this.#ring[place];
    this.#ring[place] = 0;
    this.#at++;
    return sample;
  }

  #nextQueued() {
    const first = this.#queue[0];
    if (first === undefined) return 0;
    const sample = first[this.#queueOffset++] / FULL_SCALE;
    if (this.#queueOffset === first.length) {
      this.#queue.shift();
      this.#queueOffset = 0;
    }
    return sample;
  }

  #clear() {
    this.#ring.fill(0);
    this.#at = undefined;
    this.#queue.length = 0;
    this.#queueOffset = 0;
  }
}

registerProcessor('player', Player);
