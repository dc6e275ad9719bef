/** What differs between two readings of a probe: field by field when they are JSON, line by line when they are text. */
import { parseJson } from '../../json.ts';

export interface Change {
  /** The field: `sessions.open`; empty for a text as a whole. */
  readonly where: string;
  /** As JSON or text, cut off; `nothing` for what is not there. */
  readonly from: string;
  readonly to: string;
}

const MAX_CHARACTERS = 60;
/** Fields of one reading that are looked at. */
const MAX_FIELDS = 5_000;
const NOTHING = 'nothing';

export function changesOf(before: string, after: string): Change[] {
  if (before === after) return [];
  const [from, to] = [before, after].map(fieldsOf);
  const names = new Set([...from!.keys(), ...to!.keys()]);
  return [...names].flatMap((where) => {
    const [was, is] = [from!.get(where) ?? NOTHING, to!.get(where) ?? NOTHING];
    return was === is ? [] : [{ where, from: cut(was), to: cut(is) }];
  });
}

/** Values by their paths. */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  const json = parseJson(text);
  if (!json.ok) return new Map([['', text.trim() === '' ? NOTHING : text.trim()]]);
  const fields = new Map<string, string>();
  collect(json.value, '', fields);
  return fields;
}

/** JSON that was parsed is not nested too deep for this. */
function collect(value: unknown, path: string, fields: Map<string, string>): void {
  if (fields.size >= MAX_FIELDS) return;
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    fields.set(path, JSON.stringify(value));
    return;
  }
  for (const [key, each] of Object.entries(value))
    collect(each, path === '' ? key : `${path}.${key}`, fields);
}

function cut(text: string): string {
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1)}…` : text;
}
