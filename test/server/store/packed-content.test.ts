import { describe, expect, it } from 'vitest';
import { packContent } from '../../../src/server/store/packed-content.ts';
import {
  emptyContent,
  type RecordingContent,
  type RecordingRecord,
} from '../../../src/server/store/records.ts';

const ADA = { id: 100, name: 'Ada', is_host: true, platform: 'desktop', extra_data: {} };

function recordOf(content: RecordingContent): RecordingRecord {
  return { id: 'r', content } as RecordingRecord;
}

const talk = (): RecordingContent => ({
  ...emptyContent('Stand-up'),
  participants: [ADA],
  transcript: Array.from({ length: 50 }, () => ({ participant: ADA, words: [] })),
});

describe('what a recording holds, packed', () => {
  it('is the same to whoever looks at it, and to the disk, and nobody holds what it was made of', async () => {
    const content = talk();
    const record = recordOf(content);
    await packContent(record);
    expect(record.content).toEqual(content);
    expect(record.content).not.toBe(content);
    expect(JSON.parse(JSON.stringify(record))).toEqual({
      id: 'r',
      content: JSON.parse(JSON.stringify(content)),
    });
    expect(Object.getOwnPropertyDescriptor(record, 'content')).not.toHaveProperty('value');
  });

  it('gives way to new content, also to one that came while it was packed', async () => {
    const record = recordOf(talk());
    await packContent(record);
    record.content = emptyContent(null);
    expect(record.content).toEqual(emptyContent(null));
    const deleted = recordOf(talk());
    const packing = packContent(deleted);
    deleted.content = emptyContent(null);
    await packing;
    expect(deleted.content).toEqual(emptyContent(null));
  });
});
