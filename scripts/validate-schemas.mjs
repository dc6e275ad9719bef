// Has the published AsyncAPI and OpenAPI documents read by validators of these formats. Exits with 1 and says why when one of them is not
// valid, or not as they recommend; a test does so.
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { Validator } from '@seriousme/openapi-schema-validator';

const read = (name) => readFileSync(new URL(`../schemas/${name}`, import.meta.url), 'utf8');
function complain(file, problem) {
  console.error(`schemas/${file}: ${problem}`);
  process.exitCode = 1;
}

const { document, diagnostics } = await new Parser().parse(read('asyncapi.yaml'));
if (document === undefined) complain('asyncapi.yaml', 'not valid');
for (const { code, message, path } of diagnostics)
  complain('asyncapi.yaml', `${path.join('.')}: ${message} (${code})`);

const validator = new Validator();
const { valid, errors } = await validator.validate(JSON.parse(read('openapi.json')));
if (!valid) complain('openapi.json', typeof errors === 'string' ? errors : JSON.stringify(errors));
else if (validator.version !== '3.1') complain('openapi.json', `was read as version ${validator.version}`);
