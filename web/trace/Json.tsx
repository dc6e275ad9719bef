/** JSON to read and to copy. */
import { useState } from 'preact/hooks';

export function Json({ value }: { readonly value: unknown }) {
  const [isCopied, setCopied] = useState(false);
  const text = JSON.stringify(value, undefined, 2);
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div class="json">
      <button type="button" class="quiet" onClick={copy} onBlur={() => setCopied(false)}>
        {isCopied ? 'Copied' : 'Copy'}
      </button>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard. */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </div>
  );
}
