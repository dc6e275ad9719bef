import { describe, expect, it } from 'vitest';
import { CALENDAR, EVENT } from '../../../support/calendar.ts';
import { type Client, NO_DELAYS, withHooks, withServer } from '../../../support/mock.ts';

const options = { speed: 1, delays: NO_DELAYS, startTime: new Date('2026-01-01T00:00:00Z') };

/** A calendar with one event, by their ids. */
async function connected({ post }: Client, event: object = {}) {
  const { body } = await post('/api/v2/calendars/', CALENDAR);
  const added = await post(`/_emulator/calendars/${body.id}/events`, { ...EVENT, ...event });
  if (added.status !== 201) throw new Error(JSON.stringify(added.body));
  return { calendarId: body.id as string, eventId: added.body.id as string };
}

describe('calendars', () => {
  it('are connected, listed, changed and deleted', async () => {
    await withServer(options, async ({ get, post, send }) => {
      const { status, body: made } = await post('/api/v2/calendars/', CALENDAR);
      expect(status).toBe(201);
      expect(made).toMatchObject({ ...CALENDAR, status: 'connected', platform_email: 'ada@example.com' });
      const path = `/api/v2/calendars/${made.id}/`;
      expect((await get(path)).body).toEqual(made);
      expect((await get('/api/v2/calendars/?platform=google_calendar')).body.results).toEqual([made]);
      expect((await get('/api/v2/calendars/?platform=microsoft_outlook')).body.results).toEqual([]);
      expect((await get('/api/v2/calendars/?email=eve@example.com')).body.results).toEqual([]);
      expect((await post(`${path}access-token/`)).body).toEqual({
        token: expect.any(String),
        expires_at: expect.stringMatching(/^2026-01-01T01:/),
      });
      expect((await send('PATCH', path, { oauth_client_id: 'other' })).body.oauth_client_id).toBe('other');
      expect((await post('/api/v2/calendars/', { ...CALENDAR, platform: 'paper' })).body).toEqual({
        platform: ['"paper" is not a valid choice.'],
      });
      expect((await get('/api/v2/calendars/', { Authorization: 'Token other' })).body.results).toEqual([]);
      expect((await send('DELETE', path)).status).toBe(204);
      expect((await get(path)).status).toBe(404);
    });
  });

  it('tell by webhook what happens to them and to their events', async () => {
    await withHooks(async (app) => {
      await withServer({ ...options, webhookUrls: [app.url] }, async (client) => {
        const { calendarId, eventId } = await connected(client);
        await client.post(`/_emulator/calendar-events/${eventId}`, { start_time: '2026-01-03T10:00:00Z' });
        await client.send('DELETE', `/_emulator/calendar-events/${eventId}`);
        await client.post(`/_emulator/calendars/${calendarId}/disconnect`);
        const token = await client.post(`/api/v2/calendars/${calendarId}/access-token/`);
        expect([token.status, token.body.code]).toEqual([400, 'bad_refresh_token']);
        await client.get('/_emulator/wait?event=calendar.sync_events&timeout=10s');
        await client.server.close();
        const told = app.hooks.map(({ body: { event, data } }) => {
          expect(data.calendar_id).toBe(calendarId);
          return event;
        });
        expect(told.sort()).toEqual([
          ...Array(4).fill('calendar.sync_events'),
          ...Array(2).fill('calendar.update'),
        ]);
      });
    });
  });

  it('have events that are filtered, moved and deleted', async () => {
    await withServer(options, async (client) => {
      const { calendarId, eventId } = await connected(client);
      const list = async (query = '') => (await client.get(`/api/v2/calendar-events/${query}`)).body.results;
      const [event] = await list();
      expect(event).toMatchObject({
        id: eventId,
        calendar_id: calendarId,
        start_time: '2026-01-02T10:00:00.000Z',
        end_time: '2026-01-02T10:30:00.000Z',
        meeting_platform: 'google_meet',
        is_deleted: false,
        bots: [],
        raw: { summary: 'Standup' },
      });
      expect(await list('?start_time__gte=2026-01-03')).toEqual([]);
      expect(await list('?start_time__lte=2026-01-03')).toHaveLength(1);
      expect(await list(`?ical_uid=${event.ical_uid.slice(0, 8)}&calendar_id=${calendarId}`)).toHaveLength(1);
      const moved = await client.post(`/_emulator/calendar-events/${eventId}`, {
        start_time: '2026-01-03T12:00:00+02:00',
      });
      expect(moved.body).toMatchObject({
        start_time: '2026-01-03T10:00:00.000Z',
        end_time: '2026-01-03T10:30:00.000Z',
      });
      await client.send('DELETE', `/_emulator/calendar-events/${eventId}`);
      expect(await list('?is_deleted=false')).toEqual([]);
      expect(await list('?is_deleted=true')).toHaveLength(1);
      const wrong = { ...EVENT, end_time: EVENT.start_time };
      expect((await client.post(`/_emulator/calendars/${calendarId}/events`, wrong)).body.code).toBe(
        'invalid_times',
      );
      expect((await client.post('/_emulator/calendars/x/events', EVENT)).status).toBe(404);
    });
  });
});

describe('bots of calendar events', () => {
  it('are scheduled for the start, changed by another request, shared by a key, and taken away', async () => {
    await withServer(options, async (client) => {
      const { calendarId, eventId } = await connected(client);
      const path = `/api/v2/calendar-events/${eventId}/bot/`;
      const asked = { deduplication_key: 'k', bot_config: { bot_name: 'One' } };
      const { status, body } = await client.post(path, asked);
      expect(status).toBe(200);
      const [{ bot_id }] = body.bots;
      expect(body.bots).toEqual([
        { bot_id, start_time: body.start_time, deduplication_key: 'k', meeting_url: EVENT.meeting_url },
      ]);
      const bot = async () => (await client.get(`/api/v1/bot/${bot_id}/`)).body;
      expect(await bot()).toMatchObject({ bot_name: 'One', join_at: body.start_time });
      // A moved event leaves its bot alone until the app asks again.
      await client.post(`/_emulator/calendar-events/${eventId}`, { start_time: '2026-01-04T10:00:00Z' });
      expect((await bot()).join_at).toBe(body.start_time);
      await client.post(path, { ...asked, bot_config: { bot_name: 'Two' } });
      expect(await bot()).toMatchObject({ bot_name: 'Two', join_at: '2026-01-04T10:00:00.000Z' });

      const second = await client.post(`/_emulator/calendars/${calendarId}/events`, EVENT);
      const other = `/api/v2/calendar-events/${second.body.id}/bot/`;
      expect((await client.post(other, asked)).body.bots[0].bot_id).toBe(bot_id);
      expect((await client.send('DELETE', path)).body.bots).toEqual([]);
      expect((await client.get(`/api/v1/bot/${bot_id}/`)).status).toBe(200);
      expect((await client.send('DELETE', other)).body.bots).toEqual([]);
      expect((await client.get(`/api/v1/bot/${bot_id}/`)).status).toBe(404);

      expect((await client.post(path, { ...asked, bot_config: { bot_name: '' } })).body).toEqual({
        bot_config: { bot_name: ['This field may not be blank.'] },
      });
    });
  });

  it('go with a deleted event and with a deleted calendar', async () => {
    await withServer(options, async (client) => {
      const { calendarId, eventId } = await connected(client);
      const schedule = async (id: string, key: string) =>
        (await client.post(`/api/v2/calendar-events/${id}/bot/`, { deduplication_key: key, bot_config: {} }))
          .body.bots[0].bot_id;
      const first = await schedule(eventId, 'a');
      await client.send('DELETE', `/_emulator/calendar-events/${eventId}`);
      expect((await client.get(`/api/v1/bot/${first}/`)).status).toBe(404);
      const again = await client.post(`/_emulator/calendars/${calendarId}/events`, EVENT);
      const second = await schedule(again.body.id, 'b');
      await client.send('DELETE', `/api/v2/calendars/${calendarId}/`);
      expect((await client.get(`/api/v1/bot/${second}/`)).status).toBe(404);
    });
  });
});
