/** Standard padded base64, as media stand in messages. */

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** More than a second of audio. A buffer of its own for each message is most of what the garbage collector has to do. */
const scratch = Buffer.allocUnsafeSlow(48 * 1024);

/**
 * Whether a text is standard padded base64. What Node writes is, so a text that comes back as it was is, too: that takes a tenth of
 * the pattern's time, for every frame. The pattern decides on all else, such as spare bits in the last character.
 */
export function isBase64(text: string): boolean {
  if (decodeBriefly(text).toString('base64') === text) return true;
  return text.length % 4 === 0 && BASE64.test(text);
}

/** Bytes in a text that is base64. */
export function lengthOfBase64(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

/** What a text is base64 of. The next call may write over it: whoever keeps it makes a copy at once. */
export function decodeBriefly(text: string): Buffer {
  if (text.length > scratch.length) return Buffer.from(text, 'base64');
  return scratch.subarray(0, scratch.write(text, 'base64'));
}
