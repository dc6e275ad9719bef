/**
 * What builders say when nobody has told them: one bot with one recording, the same in every message, so that messages which are
 * made one by one belong together.
 */
import { createIds } from './ids.ts';
import { type ResourceRef, refFor } from './resource.ts';

/** When the recording started, and when statuses changed. */
export const DEFAULT_START_TIME = new Date('2026-01-29T10:00:00Z');

/** A resource of a message: an id is made up from its label where none is given. */
export type PartialRef = Partial<ResourceRef>;

const ids = createIds('message builders');

/** `label`: the kind of the resource, such as `bot`. */
export function completeRef(label: string, { id, metadata }: PartialRef = {}): ResourceRef {
  const { id: made } = refFor(ids, label);
  return { id: id ?? made, metadata: metadata ?? {} };
}

/** The same where there may be none: null stays null. */
export function completeRefOrNull(label: string, ref: PartialRef | null | undefined): ResourceRef | null {
  return ref === null ? null : completeRef(label, ref);
}
