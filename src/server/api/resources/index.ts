/**
 * All operations of the REST API, one line for each resource, in the order of the documentation. Routes, answers on demand
 * and the OpenAPI document are made of this table.
 */
import type { Operation } from '../operation.ts';
import { billing } from './billing.ts';
import { botCommands } from './bot-commands.ts';
import { bots } from './bots.ts';
import { calendarV2 } from './calendars.ts';
import { legacy } from './legacy.ts';
import { MEDIA } from './media.ts';
import { mediaOperations } from './media-operations.ts';
import { realtimeEndpoints } from './realtime-endpoints.ts';
import { recordings } from './recordings.ts';
import { sdkUploads } from './sdk-uploads.ts';

export const OPERATIONS: readonly Operation[] = [
  ...bots,
  ...botCommands,
  ...recordings,
  ...Object.values(MEDIA).flatMap(mediaOperations),
  ...realtimeEndpoints,
  ...calendarV2,
  ...sdkUploads,
  ...billing,
  ...legacy,
];

/** What an answer on demand may be for. */
export const OPERATION_IDS: readonly string[] = OPERATIONS.map(({ id }) => id);
