/** Lists in sentences. */

/** `a`, `a and b`, `a, b and c`; nothing of none. */
export function enumerated(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
