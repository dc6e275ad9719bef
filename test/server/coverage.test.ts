/** docs/coverage.md says what of Recall's API there is: `npm run build && node scripts/write-coverage.mjs` writes it anew. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SENT_WEBHOOKS } from '../../src/server/bot/sent-webhooks.ts';

describe('docs/coverage.md', () => {
  it('is current', () => {
    const { stderr, status } = spawnSync(process.execPath, ['scripts/write-coverage.mjs', '--check'], {
      encoding: 'utf8',
    });
    expect([stderr, status]).toEqual(['', 0]);
    const page = readFileSync('docs/coverage.md', 'utf8');
    expect(page).toContain('| `POST /api/v1/bot/` | served |');
    expect(page).toContain('- `GET /api/v1/billing/usage/`');
    expect(page).toContain('| `video_separate_h264.data` | accepted |');
    expect(page).toContain('| `slack.huddle_state` | accepted |');
    expect(page).toContain('| `google_meet.google_login_group_id` | accepted |');
    expect(page).toContain('| `automatic_leave.waiting_room_timeout` | served |');
    expect(SENT_WEBHOOKS).toContain('bot.done');
  });
});
