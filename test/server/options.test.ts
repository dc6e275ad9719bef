import { describe, expect, it } from 'vitest';
import { createMock } from '../../src/server/server.ts';

describe('options of a server', () => {
  it('refuses to listen beyond this machine without a key and named targets', async () => {
    await expect(createMock({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'api_key_needed' });
    await expect(createMock({ host: '0.0.0.0', apiKey: 'k' })).rejects.toMatchObject({
      code: 'allow_target_needed',
    });
  });
});
