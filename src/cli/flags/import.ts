/** Flags of what asks Recall itself. */
import { RECALL_REGIONS } from '../../protocol/regions.ts';
import { choice, text } from '../flag.ts';

export const IMPORT_FLAGS = {
  region: choice(
    'region',
    '--region <region>',
    "Recall's region that has the bot",
    RECALL_REGIONS,
    'us-west-2',
  ),
  baseUrl: text('baseUrl', '--base-url <url>', "ask another address than Recall's, such as that of serve"),
} as const;
