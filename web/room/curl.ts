/** What was asked or told, as a line of a shell. */

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly body: unknown;
}

/** The key is not kept: it stands for itself. */
export function curlOfRequest({ method, path, query, body }: Request): string {
  const search = new URLSearchParams();
  for (const [name, values] of Object.entries(query))
    for (const value of [values].flat()) search.append(name, value);
  const url = `${location.origin}${path}${search.size === 0 ? '' : `?${search}`}`;
  const line = [`curl -X ${method} ${quoted(url)}`, "-H 'Authorization: Token any-key'"];
  if (body !== null) line.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`);
  return line.join(' \\\n  ');
}

/** Unsigned. */
export function curlOfWebhook({ url, body }: { readonly url: string; readonly body: unknown }): string {
  return [
    `curl -X POST ${quoted(url)}`,
    "-H 'Content-Type: application/json'",
    `-d ${quoted(JSON.stringify(body))}`,
  ].join(' \\\n  ');
}

/** Whatever is in it, it is one word. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
