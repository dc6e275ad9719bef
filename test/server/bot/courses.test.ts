import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMock } from '../../../src/server/server.ts';
import { withFolder } from '../../support/cli.ts';
import { type Client, LONG, withServer, ZOOM } from '../../support/mock.ts';

/** Statuses and sub-codes of a bot from its call on. */
const courseOf = async ({ get }: Client, id: string): Promise<string[]> => {
  await Promise.race(
    ['done', 'fatal'].map((status) => get(`/_emulator/wait?bot=${id}&status=${status}&timeout=2m`)),
  );
  const { status_changes } = (await get(`/api/v1/bot/${id}/`)).body;
  return status_changes.map(({ code, sub_code }: Record<string, string>) =>
    sub_code === '' ? code : `${code} (${sub_code})`,
  );
};

describe('a course', () => {
  it.each([
    ['denied', 'recording_permission_denied (zoom_local_recording_request_denied_by_host)'],
    ['kicked', 'call_ended (bot_kicked_from_call)'],
    ['waiting_room_timeout', 'call_ended (timeout_exceeded_waiting_room)'],
    ['fatal', 'fatal (bot_errored)'],
  ])('%s comes to %s', async (name, expected) => {
    await withServer({ scenario: LONG }, async (client) => {
      const id = await client.bot({ metadata: { recall_emulator_course: name } });
      expect(await courseOf(client, id)).toContain(expected);
    });
  });

  it.each([
    ['rejoin', ['join', 'join', 'leave', 'join']],
    ['silent_minute', []],
    ['nasty', undefined],
  ])('%s is a meeting of its own', async (name, attendance) => {
    await withServer({}, async (client) => {
      const id = await client.bot({
        bot_name: `course:${name}`,
        recording_config: { participant_events: {} },
      });
      const { recordings } = await client.until(id, 'done');
      const { data } = recordings[0].media_shortcuts.participant_events;
      const events = (await client.get(data.participant_events_download_url)).body;
      const actions = events
        .map(({ action }: { action: string }) => action)
        .filter((action: string) => action === 'join' || action === 'leave');
      if (attendance === undefined) expect(events.length).toBeGreaterThan(5);
      else expect(actions).toEqual(expect.arrayContaining(attendance));
    });
  });

  it('is that of the metadata, or the name, or the rule, or the server, and there must be such a one', async () => {
    await withFolder(async (dir) => {
      const rules = join(dir, 'rules.yaml');
      writeFileSync(rules, '- { meeting_url: "*zoom.us/j/1*", course: kicked }\n');
      await withServer({ rules, course: 'denied' }, async (client) => {
        const of = async (body: object): Promise<string> =>
          (await courseOf(client, await client.bot(body as Record<string, unknown>))).join();
        expect(await of({ meeting_url: 'https://zoom.us/j/999' })).toContain('recording_permission_denied');
        expect(await of({})).toContain('bot_kicked_from_call');
        expect(await of({ bot_name: 'course:denied' })).toContain('recording_permission_denied');
        const both = { bot_name: 'course:denied', metadata: { recall_emulator_course: 'kicked' } };
        expect(await of(both)).toContain('bot_kicked_from_call');
        const wrong = { meeting_url: ZOOM, metadata: { recall_emulator_course: 'constructor' } };
        expect(await client.post('/api/v1/bot/', wrong)).toMatchObject({
          status: 400,
          body: { metadata: { recall_emulator_course: ['"constructor" is not a course.'] } },
        });
      });
      await expect(createMock({ course: 'denyed' })).rejects.toMatchObject({ code: 'unknown_course' });
      writeFileSync(rules, '- { meeting_url: "*" }\n');
      await expect(createMock({ rules })).rejects.toMatchObject({ code: 'invalid_rules' });
    });
  });
});
