import { describe, expect, it } from 'vitest';
import { Microphone } from '../../../src/server/bot/microphone.ts';

/** Samples that tell where they stand: 1, 2, 3… */
function counted(from: number, samples: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, index) => from + index);
}

function opened() {
  const speech: boolean[] = [];
  const sent: number[] = [];
  const microphone = new Microphone({
    onSpeech: (on) => speech.push(on),
    onSent: (stamp) => sent.push(stamp),
  });
  const reader = microphone.source(1_000_000).open();
  const read = (samples: number): Int16Array => {
    const pcm = new Int16Array(samples);
    reader.read(pcm);
    return pcm;
  };
  return { microphone, speech, sent, read };
}

describe('a microphone', () => {
  it('gives what came, in its order, whatever the packets', () => {
    const { microphone, read, sent } = opened();
    microphone.push(counted(1, 320), 1_000);
    microphone.push(counted(321, 320), 1_020);
    expect(read(480)).toEqual(counted(1, 480));
    expect(read(160)).toEqual(counted(481, 160));
    // Each frame is as old as its first sample: 480 samples are 30 ms.
    expect(sent).toEqual([1_000, 1_030]);
  });

  it('is silent until something comes, and what comes late stands behind the silence', () => {
    const { microphone, read } = opened();
    microphone.push(counted(1, 100), 0);
    const late = read(160);
    expect(late.subarray(0, 60)).toEqual(new Int16Array(60));
    expect(late.subarray(60)).toEqual(counted(1, 100));
    expect(read(160)).toEqual(new Int16Array(160));
  });

  it('leaves out what is half a second behind', () => {
    const { microphone, read } = opened();
    for (let packet = 0; packet < 50; packet++) microphone.push(counted(1 + packet * 320, 320), packet * 20);
    expect(read(1)[0]).toBe(1 + 50 * 320 - 8_000);
  });

  it('comes nearer again when nothing is late any more', () => {
    const { microphone, read, sent } = opened();
    microphone.push(counted(0, 3_200), 0);
    for (let frame = 1; frame <= 40; frame++) {
      microphone.push(new Int16Array(1_600), 200 + frame * 100);
      read(1_600);
    }
    // At first a frame waited for another 100 ms; at last for 20.
    expect(sent[1]! - 100).toBe(0);
    expect(sent.at(-1)! - sent[0]!).toBeGreaterThan(39 * 100 + 100);
  });

  it('tells when somebody begins to speak, and when they have ended', () => {
    const { microphone, read, speech } = opened();
    microphone.push(new Int16Array(1_600).fill(3_000), 0);
    read(1_600);
    expect(speech).toEqual([true]);
    for (let frame = 0; frame < 6; frame++) read(1_600);
    expect(speech).toEqual([true]);
    read(1_600);
    expect(speech).toEqual([true, false]);
  });

  it('forgets what it had when it is muted, speech too', () => {
    const { microphone, read, speech } = opened();
    microphone.push(new Int16Array(3_200).fill(3_000), 0);
    read(1_600);
    microphone.clear();
    expect(speech).toEqual([true, false]);
    expect(read(160)).toEqual(new Int16Array(160));
  });
});
