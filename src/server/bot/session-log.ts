import type { Session } from '../../emulator/session.ts';
import type { ActivityLog } from '../store/activity.ts';

/** What a session says of its connections, told as the bot's. */
export function tellConnections({ events }: Session, activity: ActivityLog, botId: string): void {
  events.on('log', (level, text) => {
    if (level !== 'debug') activity.add(level === 'warn' ? 'warning' : 'connection', text, { botId });
  });
}
