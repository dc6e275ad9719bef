/** docs/diagnoses.md is made of the causes' own words: `npx vitest run test/diagnose/page.test.ts -u` writes it anew. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CAUSES } from '../../src/diagnose/causes.ts';
import { UNKNOWN } from '../../src/diagnose/diagnose.ts';

const HEAD = `# Diagnoses

\`play\`, \`load\` and \`serve\` end with the causes of what went wrong, in the receiver's terms:

\`\`\`
✘ 59 of 135 frames delivered: 76 frames lost while disconnected (…).
  cause: The receiver takes one connection per URL: others are turned away while #1 is open; the meeting would pass
    with --connections per-endpoint.
    - connection #2 at 0.61 s, while #1 was open: receiver answered the upgrade with HTTP 409 Conflict
    - connection #2 was let in at 1.82 s, with 0 open
    → Let in as many connections as there are unmuted participants, …
\`\`\`

\`--json\` has them in \`diagnoses\`: \`{code, certainty, text, evidence, remedy}\`; \`load\` and \`serve\` tell each once, with how many
\`bots\` it befell. \`certain\` means that nothing else shows like this; \`likely\` that it fits and something else may, too. A cause is
told when its pattern is there and nothing contradicts it. The causes are asked in the order of this page, the one with the narrowest
pattern first, and what one has explained is not explained again. What is lost because somebody asked for it is not diagnosed.

This page is made of the words in [src/diagnose/causes](../src/diagnose/causes), one file each. Options have the
library's names in them, as in \`--json\`: where it says \`connections: per-endpoint\`, the command line prints
\`--connections per-endpoint\`.
`;

function page(): string {
  const sections = [...CAUSES, UNKNOWN].map(
    ({ code, title, shows, remedy }) =>
      `## \`${code}\`: ${title}\n\n**Shows as:** ${shows}\n\n**What to do:** ${remedy}\n`,
  );
  return [HEAD, ...sections].join('\n');
}

describe('the causes', () => {
  it('are documented in their own words', async () => {
    await expect(page()).toMatchFileSnapshot('../../docs/diagnoses.md');
  });

  it('have a code each, and a line in the index for every file', () => {
    const codes = CAUSES.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(CAUSES).toHaveLength(readdirSync('src/diagnose/causes').length);
    for (const { code, title, shows, remedy } of CAUSES) {
      expect(code).toMatch(/^[a-z0-9_]+$/);
      for (const words of [title, shows, remedy]) expect(words.length).toBeGreaterThan(10);
      expect(shows).toMatch(/\.$/);
      expect(remedy).toMatch(/[.)]$/);
    }
  });
});
