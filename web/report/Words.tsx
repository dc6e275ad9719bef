/** A sentence of the report. What stands between backticks is code, and so are flags; nothing else in it means anything. */

const CODE = /(`[^`]+`|--[a-z][\w-]*)/;

export function Words({ text }: { readonly text: string }) {
  return (
    <bdi>
      {text.split(CODE).map((part, index) => {
        if (index % 2 === 0) return part;
        // Two equal parts are drawn alike, and none ever moves.
        return part.startsWith('`') ? (
          <code key={index}>{part.slice(1, -1)}</code>
        ) : (
          <code key={index} class="flag">
            {part}
          </code>
        );
      })}
    </bdi>
  );
}
