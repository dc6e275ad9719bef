/** How a single bot connects, where its metadata says so: else it is as the server does. */
import type { ConnectionMode } from '../../emulator/endpoint.ts';
import { UsageError } from '../../errors.ts';
import { plainText } from '../../plain-text.ts';
import type { CreateBot } from '../../protocol/rest/bot-requests.ts';

/** The bot's metadata that names a mode. */
export const MODE_METADATA = 'recall_emulator_connections';

const MODES: readonly ConnectionMode[] = ['per-participant', 'per-endpoint'];

/** Throws a `UsageError` (`unknown_connections`). */
export function modeOf({ metadata }: CreateBot): ConnectionMode | undefined {
  const asked = metadata?.[MODE_METADATA];
  if (asked == null) return undefined;
  const mode = MODES.find((each) => each === asked);
  if (mode !== undefined) return mode;
  throw new UsageError('unknown_connections', `"${plainText(asked, 100)}" is no way to connect.`, {
    hint: `Give one of ${MODES.join(', ')}.`,
  });
}
