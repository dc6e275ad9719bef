/** Tokens in the query of a URL, by their names. */

/** Names of parameters that let somebody in, as receivers have them. */
const NAMES =
  /^(?:x[-_])?(?:access|api|auth|bearer|session|ws)?[-_]?(?:token|key|secret|auth|jwt|password|sig|signature)$/i;

/** The same URL with another token; undefined when there is none in its query. */
export function wrongTokenUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const names = [...url.searchParams.keys()].filter((name) => NAMES.test(name));
  for (const name of names) url.searchParams.set(name, wrong(url.searchParams.get(name)!));
  return names.length === 0 ? undefined : url.href;
}

/** As long, of the same letters, and another one. */
function wrong(token: string): string {
  const turned = [...token].reverse().join('');
  return turned === token ? `${token}x` : turned;
}
