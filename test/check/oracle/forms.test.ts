import { describe, expect, it } from 'vitest';
import { judge, judgeFile } from '../../../src/check/oracle/judge.ts';
import { locator } from '../../../src/check/oracle/locate.ts';
import { sentOf } from '../../../src/check/oracle/sent.ts';
import { concatenated, joinedPcm, kept, RATE, timelineOf } from './meetings.ts';

/** Ada is muted from 3.0 to 5.0 s; Bob and Cy talk all the time. */
const sent = sentOf(
  timelineOf([
    [
      { muted: 0, length: 3 * RATE },
      { muted: 2 * RATE, length: 1 * RATE },
    ],
    [{ muted: 0, length: 6 * RATE }],
    [{ muted: 0, length: 6 * RATE }],
  ]),
);
const oracle = locator(sent);
const [ada, bob, cy] = sent.tracks.map(({ pcm }) => pcm) as [Int16Array, Int16Array, Int16Array];

function bytesOf(pcm: Int16Array): Uint8Array {
  return new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}

function samplesOf(bytes: Uint8Array): Int16Array {
  return new Int16Array(Uint8Array.from(bytes.subarray(0, bytes.length & ~1)).buffer);
}

/** At another rate, by straight lines between samples. */
function at(rate: number, pcm: Int16Array): Int16Array {
  return Int16Array.from({ length: Math.floor((pcm.length * rate) / RATE) }, (_, index) => {
    const place = (index * RATE) / rate;
    const here = pcm[Math.floor(place)]!;
    return here + ((pcm[Math.floor(place) + 1] ?? here) - here) * (place % 1);
  });
}

function stereo(left: Int16Array, right: Int16Array): Int16Array {
  return Int16Array.from(
    { length: 2 * left.length },
    (_, index) => (index % 2 === 0 ? left : right)[index >> 1]!,
  );
}

/** ITU-T G.711. */
function muLaw(sample: number): number {
  const magnitude = Math.min(32_635, Math.abs(sample)) + 132;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}

function found(samples: Int16Array, track: number, rate = RATE, channels = 1) {
  return judgeFile({ file: 'x.wav', audio: kept(samples, rate, channels) }, oracle, track).findings;
}

function lines(samples: Int16Array, track: number, rate = RATE, channels = 1): string[] {
  return found(samples, track, rate, channels).map(
    ({ severity, code, text }) => `${severity} ${code}: ${text}`,
  );
}

describe('the form of a file', () => {
  it('is told when bytes are swapped', () => {
    expect(lines(samplesOf(Buffer.from(bytesOf(bob)).swap16()), 1)).toEqual([
      'error byte_swapped: x.wav has the two bytes of each sample swapped: samples are little-endian',
    ]);
  });

  it('is told when it is shifted by a byte', () => {
    expect(found(samplesOf(Buffer.concat([Buffer.from([7]), bytesOf(bob)])), 1)[0]).toMatchObject({
      code: 'odd_byte',
      severity: 'error',
    });
  });

  it.each([8_000, 16_000])('is told when it is µ-law at %i Hz', (rate) => {
    const bytes = Uint8Array.from(at(rate, bob), muLaw);
    expect(found(samplesOf(bytes), 1)[0]).toMatchObject({
      code: 'mu_law',
      text: `x.wav holds µ-law at ${rate} Hz instead of 16-bit samples`,
    });
  });

  it('is told when it has 8 bits', () => {
    expect(found(samplesOf(Uint8Array.from(bob, (sample) => (sample >> 8) + 128)), 1)[0]).toMatchObject({
      code: 'eight_bit',
    });
  });

  it.each([8_000, 22_050, 44_100, 48_000])('is fine at %i Hz when the file says so', (rate) => {
    expect(found(at(rate, bob), 1, rate).filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(found(at(rate, bob), 1, rate).map(({ code }) => code)).toContain('rate');
  });

  it.each([8_000, 22_050, 44_100, 48_000])('is told when it holds %i Hz and says 16 kHz', (rate) => {
    expect(found(at(rate, bob), 1)[0]).toMatchObject({ code: 'wrong_rate', severity: 'error' });
    expect(found(at(rate, bob), 1).filter(({ severity }) => severity === 'error')).toHaveLength(1);
  });

  it('is told when it holds 16 kHz and says 48 kHz', () => {
    expect(lines(bob, 1, 48_000)).toEqual([
      'error wrong_rate: x.wav is written as 48000 Hz and holds 16000 Hz: it plays 3 times too fast',
    ]);
  });

  it('is told when the level is changed', () => {
    const half = bob.map((sample) => Math.round(sample / 2));
    expect(lines(half, 1)).toEqual(['warning level: the level is changed by −6.0 dB']);
  });

  it('is told when it is stereo', () => {
    expect(lines(stereo(bob, bob), 1, RATE, 2)).toEqual([
      'note stereo: stereo: the same audio in both channels',
    ]);
    expect(found(stereo(bob, bob), 1)[0]).toMatchObject({ code: 'wrong_channels', severity: 'error' });
    expect(lines(stereo(bob, cy), 1, RATE, 2)).toEqual([
      'error two_people: two people in one file: Bob is left and Cy is right',
    ]);
  });
});

describe('the content of a file', () => {
  it('may be a timeline or a concatenation', () => {
    const file = (samples: Int16Array) => judgeFile({ file: 'x', audio: kept(samples) }, oracle, 0);
    expect(file(ada)).toMatchObject({ layout: 'timeline', findings: [] });
    expect(file(concatenated(sent, 0))).toMatchObject({ layout: 'concatenation', findings: [] });
  });

  it('is not told as a whole when a close ended it', () => {
    expect(lines(ada.subarray(0, 3 * RATE), 0)).toEqual([
      'error truncated: only what came before the first mute (3.0 s) is there: missing 5.0–6.0 s',
    ]);
    expect(lines(ada.subarray(5 * RATE), 0)).toEqual([
      'error truncated: only what came after the last unmute (5.0 s) is there: missing 0.0–3.0 s',
    ]);
  });

  it('may be of several people, frame by frame', () => {
    const frames: Int16Array[] = [];
    for (let start = 0; start < 6 * RATE; start += 320)
      for (const pcm of [bob, cy, ada]) frames.push(pcm.subarray(start, start + 320));
    expect(lines(joinedPcm(...frames), 1)).toEqual([
      'error interleaved: Bob, Cy and Ada are interleaved in one file: 18.0 s kept of a 6.0 s meeting',
    ]);
  });

  it("may be another's, nobody's, silence or nothing", () => {
    expect(lines(cy, 1)).toEqual(["error swapped: x.wav holds Cy's audio and nothing of Bob"]);
    expect(lines(new Int16Array(6 * RATE), 1)).toEqual([
      'error silent: x.wav holds nothing but silence (0.0–6.0 s)',
    ]);
    expect(lines(new Int16Array(0), 1)).toEqual(['error empty: x.wav is empty: nothing of Bob is kept']);
    expect(
      found(
        Int16Array.from({ length: RATE }, (_, index) => 9_000 * Math.sin(index / 5)),
        1,
      ),
    ).toMatchObject([{ code: 'not_sent' }]);
  });

  it("may have 0.7 s of somebody else's", () => {
    const mixed = bob.slice();
    mixed.set(cy.subarray(3.2 * RATE, 3.9 * RATE), 3.2 * RATE);
    expect(found(mixed, 1)).toHaveLength(1);
    expect(found(mixed, 1)[0]!.text).toMatch(
      /^0\.7 s of Cy in Bob's file at 3\.2 s, in place of 3\.2–3\.9 s$/,
    );
  });

  it('may have a stretch again, later', () => {
    const again = joinedPcm(bob.subarray(0, 4 * RATE), bob.subarray(RATE, 2 * RATE), bob.subarray(4 * RATE));
    expect(lines(again, 1)).toEqual([
      'error twice: 1.0–2.0 s is there twice, the second time at 4.0 s in the file',
    ]);
  });

  it('is not asked for what was dropped on the way', () => {
    const lossy = locator(
      sentOf(
        timelineOf([[{ muted: 0, length: 4 * RATE }]]),
        new Map([[100, [{ start: RATE, end: 2 * RATE }]]]),
      ),
    );
    const whole = lossy.sent.tracks[0]!.pcm;
    const silenced = joinedPcm(whole.subarray(0, RATE), new Int16Array(RATE), whole.subarray(2 * RATE));
    const left = joinedPcm(whole.subarray(0, RATE), whole.subarray(2 * RATE));
    for (const samples of [silenced, left])
      expect(judgeFile({ file: 'x', audio: kept(samples) }, lossy, 0).findings).toEqual([]);
  });
});

describe('the files of a meeting', () => {
  const wav = (participant: number, samples: Int16Array, file = `${participant}.wav`) => ({
    file,
    participant,
    audio: kept(samples),
  });
  const told = (...files: Parameters<typeof judge>[0]) =>
    judge(files, oracle).findings.map(({ text }) => text);

  it('are one for each', () => {
    expect(told(wav(100, ada), wav(200, bob))).toEqual(['no file of Cy, who was sent for 6.0 s']);
    expect(told(wav(100, ada), wav(200, bob), wav(300, cy), wav(400, cy))).toEqual([
      '400.wav is a file too many: participant 400 is not in the meeting',
    ]);
    expect(told(wav(100, ada), wav(200, bob), wav(300, cy), wav(300, cy, 'again.wav'))).toEqual([
      "again.wav is a file too many: 300.wav is Cy's, too",
    ]);
  });

  it('are known by what is in them when their names do not say', () => {
    const nameless = [bob, cy, ada].map((samples, index) => ({ file: `${index}.wav`, audio: kept(samples) }));
    expect(judge(nameless, oracle)).toMatchObject({ ok: true, layout: 'timeline' });
    expect(judge(nameless, oracle).files.map(({ participant }) => participant)).toEqual([200, 300, 100]);
  });

  it('that cannot be read say why', () => {
    const broken = { file: '300.wav', participant: 300, audio: { problem: '300.wav is truncated.' } };
    expect(told(wav(100, ada), wav(200, bob), broken)).toEqual(['300.wav is truncated.']);
  });
});

describe('the silence of mutes', () => {
  /** Muted from 1 to 2, from 3 to 4 and from 5 to 6 s. */
  const toggled = locator(
    sentOf(
      timelineOf([
        Array.from({ length: 4 }, (_, index) => ({ muted: index === 0 ? 0 : RATE, length: RATE })),
      ]),
    ),
  );
  const part = (index: number): Int16Array =>
    toggled.sent.tracks[0]!.pcm.subarray(2 * index * RATE, (2 * index + 1) * RATE);
  const told = (...silences: readonly number[]) => {
    const parts = silences.flatMap((silence, index) => [part(index), new Int16Array(silence * RATE)]);
    const file = { file: 'x', audio: kept(joinedPcm(...parts, part(3))) };
    const { findings, layout } = judgeFile(file, toggled, 0);
    return { layout, lines: findings.map(({ text }) => text) };
  };

  it('is restored, left out, or restored in part', () => {
    expect(told(1, 1, 1)).toEqual({ layout: 'timeline', lines: [] });
    expect(told(0, 0, 0)).toEqual({ layout: 'concatenation', lines: [] });
    expect(told(1, 0, 1)).toEqual({
      layout: 'mixed',
      lines: ['the 1.0 s of silence at 3.0 s are not restored, others are'],
    });
  });

  it('has its length', () => {
    expect(told(1, 0.75, 1)).toEqual({
      layout: 'timeline',
      lines: ['the 1.0 s of silence at 3.0 s are 0.75 s in the file'],
    });
    expect(told(1, 1.5, 1).lines).toEqual(['the 1.0 s of silence at 3.0 s are 1.5 s in the file']);
  });

  it('must be restored in all files or in none', () => {
    const timeline = { file: '100.wav', participant: 100, audio: kept(ada) };
    const two = sentOf(
      timelineOf(
        [0, 1].map(() => [
          { muted: 0, length: RATE },
          { muted: RATE, length: RATE },
        ]),
      ),
    );
    const files = two.tracks.map(({ id, pcm }, index) => ({
      ...timeline,
      file: `${id}.wav`,
      participant: id,
      audio: kept(index === 0 ? pcm : concatenated(two, index)),
    }));
    expect(judge(files, locator(two))).toMatchObject({
      layout: 'mixed',
      findings: [
        {
          code: 'layouts_differ',
          text: 'the silence of mutes is restored in 100.wav and left out in 200.wav',
        },
      ],
    });
  });
});
