/**
 * JSON Schemas of our zod schemas: the published ones, each with a stable `$id`, and those inside the OpenAPI and the AsyncAPI document,
 * where a schema that has a name stands once.
 */
import { z } from 'zod';

/** What the `$id` of a published schema begins with. The schema's file is there once the package is published. */
const HOME = 'https://unpkg.com/recall-emulator/schemas/';

/** JSON Schema without a type of its own: it is data that goes into a file. */
export type JsonSchema = Readonly<Record<string, unknown>>;
type Settings = z.core.ToJSONSchemaParams;

/** A published schema: JSON Schema 2020-12. `name` is that of its file, without `.schema.json`. */
export function publishedSchema(
  name: string,
  schema: z.ZodType,
  settings: Pick<Settings, 'io' | 'override' | 'metadata' | 'unrepresentable'> = {},
): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', ...settings });
  return { $schema, $id: `${HOME}${name}.schema.json`, ...rest };
}

/** Schemas by the names that they get in a document. */
export function namesOf(schemas: Readonly<Record<string, z.ZodType>>): z.core.$ZodRegistry<Name> {
  const names = z.registry<Name>();
  for (const [id, schema] of Object.entries(schemas)) names.add(schema, { id });
  return names;
}

interface Name {
  readonly id: string;
}

/** With names of a document's own, zod leaves out what its global registry knows: the descriptions. */
export const described: NonNullable<Settings['override']> = ({ zodSchema, jsonSchema }) => {
  const description = z.globalRegistry.get(zodSchema)?.description;
  if (description !== undefined) jsonSchema.description = description;
};

/** The dialects: OpenAPI 3.1 has that of 2020-12, AsyncAPI 3.1 that of draft 7. */
type Dialect = 'draft-2020-12' | 'draft-7';
const DEFINITIONS = { 'draft-2020-12': '$defs', 'draft-7': 'definitions' } as const;

/** The schemas of one document. What has a name goes into `components`; in its place is a reference. */
export class DocumentSchemas {
  readonly components: Record<string, unknown> = {};
  private readonly dialect: Dialect;
  private readonly names: z.core.$ZodRegistry<Name>;

  constructor(dialect: Dialect, named: Readonly<Record<string, z.ZodType>>) {
    this.dialect = dialect;
    this.names = namesOf(named);
  }

  of(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const made: JsonSchema = z.toJSONSchema(schema, {
      target: this.dialect,
      io,
      unrepresentable: 'any',
      metadata: this.names,
      override: described,
    });
    const key = DEFINITIONS[this.dialect];
    const text = JSON.stringify(made).replaceAll(`"#/${key}/`, '"#/components/schemas/');
    const { $schema: _, [key]: definitions, ...rest } = JSON.parse(text) as Record<string, unknown>;
    Object.assign(this.components, definitions);
    return rest;
  }
}
