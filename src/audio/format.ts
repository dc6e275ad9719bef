/** The audio format on the wire, for the floors above: it is the protocol's. */
export { BYTES_PER_SAMPLE, SAMPLE_RATE } from '../protocol/pcm.ts';
