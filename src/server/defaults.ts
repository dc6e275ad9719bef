/** What holds for a server when an option is left out. Loads nothing: `--help` says them, too. */

export const SERVER_DEFAULTS = {
  host: '127.0.0.1',
  port: 8_787,
  /** Of generated meetings. */
  generatedParticipants: 3,
  generatedSeconds: 60,
  /** Of mixed audio per message ("Mixed Audio (real-time)", 2026). */
  mixedFrameMs: 200,
  /** "Scheduling Bots" (2026): within about ten minutes of `join_at`. */
  updateCutoffSeconds: 600,
  docs: 'current',
} as const;
