/** Puts a text where others can take it. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

export function CopyButton({
  text,
  children,
}: {
  readonly text: string;
  readonly children: ComponentChildren;
}) {
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      {copied ? 'Copied' : children}
    </button>
  );
}
