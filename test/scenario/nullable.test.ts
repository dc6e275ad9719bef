import { expect, it } from 'vitest';
import { scriptOf } from '../../src/emulator/script.ts';
import { readRealtimeEvent } from '../../src/protocol/events.ts';
import { compileScenario } from '../../src/scenario/compile.ts';
import { loadScenario, parseScenario } from '../../src/scenario/load.ts';

it('what a platform does not say about somebody is null in their messages', async () => {
  const timeline = await compileScenario(await loadScenario('fixtures/rapid-toggle.yaml'));
  const messages = [...scriptOf(timeline)].flatMap((step) => (step.kind === 'message' ? [step] : []));
  const echo = messages.filter(({ participantId }) => participantId === 200);
  expect(echo.length).toBeGreaterThan(0);
  for (const { text } of echo) {
    const message = JSON.parse(text);
    expect(readRealtimeEvent(message).kind).toBe('event');
    expect(message.data.data.participant).toEqual({
      id: 200,
      name: 'Echo',
      is_host: null,
      platform: null,
      extra_data: null,
    });
  }
});

it('null is not text or a number', () => {
  const people = '[{ id: 1, name: A, is_host: "no" }]';
  expect(() => parseScenario(`participants: ${people}\ntimeline: []`)).toThrow(/participants\[0\]\.is_host/);
});
