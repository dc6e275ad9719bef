import { describe, expect, it } from 'vitest';
import { createMock } from '../../../src/server/server.ts';
import { asker, SHORT } from '../../support/mock.ts';

describe('answers on demand', () => {
  it('are as many as anybody needs, and no more', async () => {
    const mock = await createMock({ scenario: SHORT });
    const ask = asker(mock);
    const add = () => ask('POST', '/_emulator/answers', { operation: 'create_bot', status: 507, times: 5 });
    for (let made = 0; made < 1_000; made++) expect((await add()).status).toBe(201);
    expect(JSON.parse((await add()).text)).toMatchObject({ code: 'too_many_answers' });
    await mock.close();
  });
});
