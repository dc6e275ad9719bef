/** JSON that can be read: coloured, and with long texts (audio in base64) cut until somebody wants all of them. */
import { useState } from 'preact/hooks';
import { CopyButton } from './CopyButton.tsx';

const MAX_TEXT = 120;
const LONG = new RegExp(`"(?:[^"\\\\]|\\\\.){${MAX_TEXT + 1},}"`);

export function JsonView({ title, value }: { readonly title: string; readonly value: unknown }) {
  const [whole, setWhole] = useState(false);
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const isLong = LONG.test(text);
  return (
    <div class="json-view">
      <div class="json-head">
        <h4>{title}</h4>
        {isLong && (
          <button type="button" class="plain" onClick={() => setWhole(!whole)}>
            {whole ? 'Cut long texts' : 'Whole texts'}
          </button>
        )}
        <CopyButton text={text}>Copy</CopyButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard. */}
      <pre class="json" tabIndex={0}>
        {pieces(text, whole)}
      </pre>
    </div>
  );
}

/** Keys, texts, and the words and numbers of JSON. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null|-?\d[\d.eE+-]*)\b/g;

function pieces(text: string, whole: boolean) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > last) parts.push(text.slice(last, match.index));
    const [all, string, colon] = match;
    if (string === undefined) parts.push(<i class="json-value">{all}</i>);
    else if (colon !== undefined) parts.push(<b class="json-key">{string}</b>, colon);
    else parts.push(<span class="json-text">{whole ? string : cut(string)}</span>);
    last = match.index + all.length;
  }
  parts.push(text.slice(last));
  return parts;
}

function cut(string: string): string {
  if (string.length <= MAX_TEXT) return string;
  return `${string.slice(0, MAX_TEXT / 2)}…" (${(string.length - 2).toLocaleString('en')} characters)`;
}
