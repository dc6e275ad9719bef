/**
 * Captures a microphone as mono S16 at 16 kHz, in packets of 20 ms. Runs in the audio thread, at whatever rate that has: what is above
 * 8 kHz is filtered out, so that it does not come back as what nobody said (a windowed sinc).
 */
const RATE = 16_000;
const PACKET_SAMPLES = 320;
/** Zero crossings on each side. */
const CROSSINGS = 16;
/** The pass band ends a little below half the rate. */
const ROLL_OFF = 0.92;
/** Places between two samples for which the filter is kept. */
const PHASES = 256;
const MAX_WAITING = 16_384;

class Capture extends AudioWorkletProcessor {
  #ratio = sampleRate / RATE;
  #half = Math.ceil(CROSSINGS * Math.max(1, this.#ratio));
  #filters = filtersOf(this.#half, Math.min(1, ROLL_OFF / this.#ratio));
  #input = new Float32Array(MAX_WAITING);
  /** How many samples wait in the input. */
  #count = 0;
  /** Where in the input the next sample is taken. */
  #position = this.#half;
  #packet = new Int16Array(PACKET_SAMPLES);
  #filled = 0;

  process(inputs) {
    const channel = inputs[0][0];
    if (channel === undefined) return true;
    this.#input.set(channel, this.#count);
    this.#count += channel.length;
    while (this.#position + this.#half < this.#count) {
      this.#put(this.#sampleAt(this.#position));
      this.#position += this.#ratio;
    }
    const done = Math.floor(this.#position) - this.#half;
    this.#input.copyWithin(0, done, this.#count);
    this.#count -= done;
    this.#position -= done;
    return true;
  }

  #sampleAt(position) {
    const whole = Math.floor(position);
    const filter = this.#filters[Math.floor((position - whole) * PHASES)];
    const first = whole - this.#half + 1;
    let sum = 0;
    for (let tap = 0; tap < filter.length; tap++) sum += this.#input[first + tap] * filter[tap];
    return sum;
  }

  #put(sample) {
    this.#packet[this.#filled++] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
    if (this.#filled < PACKET_SAMPLES) return;
    // Its first sample was captured so long ago.
    const ageSeconds = PACKET_SAMPLES / RATE + this.#half / sampleRate;
    this.port.postMessage({ pcm: this.#packet, ageSeconds }, [this.#packet.buffer]);
    this.#packet = new Int16Array(PACKET_SAMPLES);
    this.#filled = 0;
  }
}

/** For each place between two samples the weights of those around it. `cutoff`: 1 is half the rate of the input. */
function filtersOf(half, cutoff) {
  return Array.from({ length: PHASES }, (_, phase) => {
    const weights = Float32Array.from({ length: 2 * half }, (__, tap) => {
      const distance = tap - half + 1 - phase / PHASES;
      if (Math.abs(distance) >= half) return 0;
      const angle = Math.PI * cutoff * distance;
      const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
      return sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / half));
    });
    const sum = weights.reduce((all, weight) => all + weight, 0);
    return weights.map((weight) => weight / sum);
  });
}

registerProcessor('capture', Capture);
