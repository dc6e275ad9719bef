import { describe, expect, it } from 'vitest';
import { withServer } from '../../support/mock.ts';

describe('the events of the control API', () => {
  it('tells everything that happens as server-sent events', async () => {
    await withServer({}, async ({ url, bot, until }) => {
      const id = await bot();
      await until(id, 'done');
      const response = await fetch(`${url}/_emulator/events`);
      let text = '';
      for await (const chunk of response.body!) {
        text += Buffer.from(chunk).toString();
        if (text.includes('"text":"done"')) break;
      }
      expect(text).toContain('event: bot');
      expect(text).toContain(`"bot_id":"${id}"`);
    });
  });
});
