// Writes the cases and causes of check into docs/check.md, in their own words. With --check it writes nothing and exits with 1 when they are
// not current; a test does so.
import { readFileSync, writeFileSync } from 'node:fs';
import { CASES } from '../dist/check/cases/index.js';
import { KEPT_CAUSES } from '../dist/check/causes.js';

const FILE = new URL('../docs/check.md', import.meta.url);
/** A cell of a table is one line. */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const capital = (text) => text[0].toUpperCase() + text.slice(1);

const notesOf = ({ tier, pace, connections, beyondRecall, needsSecret, needsToken }) => [
  ...(tier === 'default' ? [] : [tier === 'quick' ? 'also in `--quick`' : 'only in `--full`']),
  ...(pace === 'real' ? ['in real time'] : []),
  ...(connections === undefined
    ? []
    : [connections === 'any' ? 'in one topology' : `only ${[connections].flat().join()}`]),
  ...(beyondRecall ? ['a failure is a warning: Recall never does this'] : []),
  ...(needsSecret ? ['with `--secret`'] : []),
  ...(needsToken ? ['when the URL has a token'] : []),
];

const row = (each) => {
  const notes = notesOf(each);
  const first = [`\`${each.id}\``, ...(notes.length === 0 ? [] : [notes.join('; ')])].join('<br>');
  const why = `${capital(each.why)} (${each.source})`;
  return `| ${first} | ${[`${capital(each.title)}.`, each.expects, why, each.remedy].map(cell).join(' | ')} |`;
};

const groups = new Map();
for (const each of CASES) {
  const [group] = each.id.split('.');
  groups.set(group, [...(groups.get(group) ?? []), each]);
}

const tables = [...groups].map(([group, cases]) =>
  [
    `### \`${group}.*\`\n`,
    '| case | what is played | what must hold | why it happens | what to do |',
    '| --- | --- | --- | --- | --- |',
    ...cases.map(row),
  ].join('\n'),
);
const causes = [
  '| code | what it is | how it shows | what to do |',
  '| --- | --- | --- | --- |',
  ...KEPT_CAUSES.map(
    ({ code, title, shows, remedy }) =>
      `| \`${code}\` | ${[title, shows, remedy || 'see the case'].map(cell).join(' | ')} |`,
  ),
].join('\n');

/** Puts a text between the marks of its name. */
function withPart(page, name, part) {
  const begin = `<!-- ${name}: written by scripts/write-cases.mjs -->`;
  const end = `<!-- end of ${name} -->`;
  const [before, rest] = page.split(begin);
  return `${before}${begin}\n\n${part}\n\n${end}${rest.split(end)[1]}`;
}

const page = readFileSync(FILE, 'utf8');
const current = withPart(withPart(page, 'cases', tables.join('\n\n')), 'causes', causes);
if (!process.argv.includes('--check')) writeFileSync(FILE, current);
else if (page !== current) {
  console.error('docs/check.md is not current: run node scripts/write-cases.mjs');
  process.exitCode = 1;
}
