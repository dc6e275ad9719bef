/** `video_mixed` and `video_separate` are not emulated: there are none, and clients that look for them see that. */
import { z } from 'zod';
import { cursorSchema } from '../../../protocol/rest/lists.ts';
import { CURSOR_FILTERS } from '../lists.ts';
import { type Operation, operation } from '../operation.ts';

export const video: readonly Operation[] = ['video_mixed', 'video_separate'].map((kind) =>
  operation({
    id: `list_${kind}`,
    method: 'GET',
    path: `/api/v1/${kind}/`,
    tag: 'Media',
    summary: 'Always empty: video is not emulated',
    query: CURSOR_FILTERS,
    answers: { 200: cursorSchema(z.looseObject({})) },
    handle: () => ({ status: 200, body: { next: null, previous: null, results: [] } }),
  }),
);
