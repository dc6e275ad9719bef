/** One `audio_separate_raw.data` message as text, for receivers under test. */

export const RECORDING = '7c7ab2a0-5d8e-4a0e-9d43-3a7a2b6d2f10';

export interface FrameOptions {
  readonly relative: number;
  readonly samples?: readonly number[];
  readonly participant?: number;
  readonly recording?: string;
}

export function frame({
  relative,
  samples = [1, -2, 3],
  participant = 100,
  recording = RECORDING,
}: FrameOptions): string {
  const reference = (id: string) => ({ id, metadata: {} });
  return JSON.stringify({
    event: 'audio_separate_raw.data',
    data: {
      data: {
        buffer: Buffer.from(Int16Array.from(samples).buffer).toString('base64'),
        timestamp: { relative, absolute: '2025-01-29T23:49:58.570998+00:00' },
        participant: { id: participant, name: 'Ada', is_host: false, platform: null, extra_data: {} },
      },
      realtime_endpoint: reference('a5f7c3f4-9a63-4a70-8d33-0a6f4f5d0f01'),
      audio_separate: reference('a5f7c3f4-9a63-4a70-8d33-0a6f4f5d0f02'),
      recording: reference(recording),
      bot: reference('a5f7c3f4-9a63-4a70-8d33-0a6f4f5d0f03'),
    },
  });
}
