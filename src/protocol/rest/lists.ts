/** Lists: bots by page, with a count; everything else by cursor. */
import { z } from 'zod';

const link = z.string().nullable();

export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ count: z.int(), next: link, previous: link, results: z.array(item) });
}

export function cursorSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ next: link, previous: link, results: z.array(item) });
}
