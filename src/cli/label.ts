/** How a participant is called in everything that is printed. */
import { plainText } from '../plain-text.ts';
import { cut, widthOf } from './layout.ts';

/** Nobody's name is longer, but the field has no limit. */
const MAX_NAME = 100;

/** Name and id. */
export function label(participant: { readonly id: number; readonly name: string | null }): string {
  return `${plainText(participant.name ?? '(no name)', MAX_NAME)} #${participant.id}`;
}

/** A label in so many columns: the name gives way, the id stays. */
export function cutLabel(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const id = text.slice(text.lastIndexOf(' #'));
  return cut(cut(text.slice(0, -id.length), width - widthOf(id)) + id, width);
}
