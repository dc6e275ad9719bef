/**
 * What a recording holds, packed once it is over: most are never looked at again, and a server has thousands. Words and events shrink to
 * a tenth of what they take as objects.
 */
import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import type { RecordingContent, RecordingRecord } from './records.ts';

const deflate = promisify(deflateRaw);

/**
 * From then on `record.content` is unpacked whenever somebody looks at it. What they get is a copy: whoever changes it sets a new
 * one. Content that is replaced meanwhile stays.
 */
export async function packContent(record: RecordingRecord): Promise<void> {
  const { content } = record;
  const deflated = await deflate(JSON.stringify(content));
  // It comes as a part of something larger.
  const packed = Buffer.allocUnsafeSlow(deflated.length);
  deflated.copy(packed);
  if (record.content !== content) return;
  // A list of bots looks at each recording several times.
  let looked: WeakRef<RecordingContent> | undefined;
  Object.defineProperty(record, 'content', {
    configurable: true,
    enumerable: true,
    get(): RecordingContent {
      const known = looked?.deref();
      if (known !== undefined) return known;
      const unpacked = JSON.parse(inflateRawSync(packed).toString()) as RecordingContent;
      looked = new WeakRef(unpacked);
      return unpacked;
    },
    set(value: RecordingContent) {
      Object.defineProperty(record, 'content', {
        value,
        configurable: true,
        enumerable: true,
        writable: true,
      });
    },
  });
}
