import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scenarioToYaml } from '../../../src/scenario/stringify.ts';
import { createMock } from '../../../src/server/server.ts';
import { withFolder } from '../../support/cli.ts';
import { SHORT, withServer, ZOOM } from '../../support/mock.ts';

describe('choosing the meeting', () => {
  it('goes by metadata, then by rules, then by the default, then generates one that is the same for the same URL', async () => {
    await withFolder(async (dir) => {
      const rules = join(dir, 'rules.yaml');
      writeFileSync(join(dir, 'team.yaml'), scenarioToYaml({ ...SHORT, title: 'Team' }));
      writeFileSync(rules, '- { meeting_url: "*zoom.us/j/1*", scenario: team.yaml }\n');
      const titleOf = async (options: Parameters<typeof withServer>[0], body: Record<string, unknown>) => {
        let title: string | undefined;
        await withServer({ generatedSeconds: 5, ...options }, async ({ bot, until }) => {
          const { recordings } = await until(await bot(body), 'done');
          title = recordings[0].media_shortcuts.meeting_metadata.data.title;
        });
        return title;
      };
      const named = { metadata: { recall_emulator_scenario: 'rapid-toggle' } };
      const other = { meeting_url: 'https://zoom.us/j/999' };
      expect(await titleOf({ rules }, named)).not.toBe('Team');
      expect(await titleOf({ rules }, {})).toBe('Team');
      expect(await titleOf({ rules }, other)).toBe('Short');
      const generated = await titleOf({ scenario: undefined }, other);
      expect(generated).toMatch(/^Generated meeting/);
      expect(await titleOf({ scenario: undefined }, other)).toBe(generated);
      await expect(createMock({ rules: join(dir, 'nothing.yaml') })).rejects.toMatchObject({
        code: 'rules_unreadable',
      });
    });
  });

  it('plays only scenarios below its folder when metadata names them', async () => {
    await withServer({ scenarioDir: 'fixtures' }, async ({ post }) => {
      const create = (name: string) =>
        post('/api/v1/bot/', { meeting_url: ZOOM, metadata: { recall_emulator_scenario: name } });
      expect((await create('rapid-toggle')).status).toBe(201);
      expect((await create('standup.yaml')).status).toBe(201);
      for (const name of ['../package.json', '/etc/passwd', 'nothing.yaml'])
        expect((await create(name)).status, name).toBe(400);
    });
  });

  it('with a long meeting URL are matched with rules at once', async () => {
    await withFolder(async (dir) => {
      const rules = join(dir, 'rules.yaml');
      const stars = `https://zoom.us/*${'a*'.repeat(12)}b`;
      writeFileSync(
        rules,
        `- { meeting_url: "${stars}", scenario: ${join(process.cwd(), 'fixtures/standup.yaml')} }\n`,
      );
      await withServer({ rules }, async ({ post, get }) => {
        const url = `https://zoom.us/j/1?pwd=${'a'.repeat(28_000)}`;
        expect((await post('/api/v1/bot/', { meeting_url: url })).status).toBe(201);
        expect((await post('/api/v1/bot/', { meeting_url: `${url}b` })).status).toBe(201);
        const { bots } = (await get('/_emulator/bots')).body;
        expect(bots.map(({ scenario }: { scenario: string }) => scenario.endsWith('standup.yaml'))).toEqual([
          false,
          true,
        ]);
      });
    });
  });
});

describe('generated meetings', () => {
  it('differ from server to server when no seed is given', async () => {
    const titles = new Set<string>();
    for (let made = 0; made < 2; made++) {
      await withServer(
        { scenario: undefined, seed: undefined, generatedSeconds: 2 },
        async ({ bot, until }) => {
          const { recordings } = await until(await bot(), 'done');
          titles.add(recordings[0].media_shortcuts.meeting_metadata.data.title);
        },
      );
    }
    expect(titles.size).toBe(2);
  });
});
