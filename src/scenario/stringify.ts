/** A scenario as YAML that a person would have written: one line per action. */
import { Document, isMap, isSeq } from 'yaml';
import type { Scenario } from './schema.ts';

/** Where editors find the schema when a scenario stands outside this package. */
const DEFAULT_SCHEMA = './node_modules/recall-emulator/schemas/scenario.schema.json';

/** `parseScenario` of the result gives the scenario back. `schema` is for the editor's completion comment. */
export function scenarioToYaml(scenario: Scenario, options: { readonly schema?: string } = {}): string {
  const document = new Document(scenario, { aliasDuplicateObjects: false });
  document.commentBefore = ` yaml-language-server: $schema=${options.schema ?? DEFAULT_SCHEMA}`;
  for (const key of ['participants', 'timeline']) {
    const list = document.get(key, true);
    if (!isSeq(list)) continue;
    for (const item of list.items) if (isMap(item)) item.flow = true;
  }
  return document.toString({ lineWidth: 0 });
}
