/** What a file is by its first bytes. Its name counts only where these say nothing: raw samples have no head. */

/** `other`: some format that has a head and that only ffmpeg reads; `unknown`: nothing that we know. */
type Kind = 'wav' | 'raw' | 'mp3' | 'opus' | 'other' | 'unknown';

export interface Format {
  readonly kind: Kind;
  /** As people call it: `WAV`, `FLAC`. */
  readonly name: string;
  /** How such files are named, the first of them usually. */
  readonly extensions: readonly string[];
}

/** As many of the first bytes as `formatOf` looks at. */
export const HEAD_BYTES = 64;

const WAV: Format = { kind: 'wav', name: 'WAV', extensions: ['.wav'] };
const RAW: Format = { kind: 'raw', name: 'raw samples', extensions: ['.pcm', '.raw'] };
const MP3: Format = { kind: 'mp3', name: 'MP3', extensions: ['.mp3'] };
const OPUS: Format = { kind: 'opus', name: 'Ogg Opus', extensions: ['.opus', '.ogg', '.oga'] };
const AAC: Format = { kind: 'other', name: 'AAC', extensions: ['.aac'] };
const UNKNOWN: Format = { kind: 'unknown', name: 'unknown', extensions: [] };

const HEADS: readonly (Format & { readonly head: string; readonly at?: number })[] = [
  { ...OPUS, head: 'OpusHead', at: 28 },
  { kind: 'other', name: 'Ogg', extensions: ['.ogg', '.oga', '.opus'], head: 'OggS' },
  { kind: 'other', name: 'FLAC', extensions: ['.flac'], head: 'fLaC' },
  { kind: 'other', name: 'MP4', extensions: ['.m4a', '.aac'], head: 'ftyp', at: 4 },
  { kind: 'other', name: 'WebM or Matroska', extensions: ['.webm', '.mka'], head: '\x1a\x45\xdf\xa3' },
  { kind: 'other', name: 'AIFF', extensions: ['.aiff', '.aif'], head: 'AIF', at: 8 },
  { kind: 'other', name: 'CAF', extensions: ['.caf'], head: 'caff' },
  { kind: 'other', name: 'AU', extensions: ['.au'], head: '.snd' },
  { ...WAV, head: 'WAVE', at: 8 },
];

const ALL = [WAV, RAW, MP3, OPUS, AAC, ...HEADS];

/** Whatever is taken for audio by its name. */
export const AUDIO_EXTENSIONS: readonly string[] = [...new Set(ALL.flatMap(({ extensions }) => extensions))];

/** `extension`: of the file's name, in lower case, with its point. */
export function formatOf(head: Uint8Array, extension: string): Format {
  const text = Buffer.from(head.subarray(0, HEAD_BYTES)).toString('latin1');
  const known = HEADS.find((each) => text.startsWith(each.head, each.at ?? 0));
  if (known !== undefined) return known;
  const byName = ALL.find(({ extensions }) => extensions.includes(extension)) ?? UNKNOWN;
  // A tag may stand before AAC or FLAC, too; then its name says so.
  if (text.startsWith('ID3')) return byName.kind === 'other' ? byName : MP3;
  // Eleven bits that raw samples may have as well.
  if (!RAW.extensions.includes(extension) && head[0] === 0xff && (head[1]! & 0xe0) === 0xe0)
    return (head[1]! & 0x06) === 0 ? AAC : MP3;
  return byName;
}
