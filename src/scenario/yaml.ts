/** YAML and JSON as data that knows where each of its fields stands in the text. Knows nothing of what the fields mean. */
import { type Document, isAlias, isNode, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { InvalidInputError, type Problem, type SourceLocation } from '../errors.ts';
import { formatPath } from './shape.ts';

/** YAML aliases may be used this often; more is a document made to explode. */
const MAX_ALIASES = 100;

export interface YamlSource {
  readonly value: unknown;
  /** Where a field stands, for messages. */
  locate(path: readonly (string | number)[]): SourceLocation;
}

/** Throws what `invalid` makes of the problems of what is no YAML, or YAML that cannot be made data of. */
export function readYaml(
  text: string,
  file: string | undefined,
  invalid: (problems: readonly Problem[]) => InvalidInputError,
): YamlSource {
  const lines = new LineCounter();
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
    if (document.errors.length > 0) {
      throw invalid(
        document.errors.map((error) => {
          // The parser tells of its own stack as if it were a mark in the text.
          const deep = error.message.includes('call stack');
          return {
            code: 'invalid_yaml',
            message: `Not valid YAML: ${deep ? 'it is nested too deep' : error.message}.`,
            hint: deep ? 'Make it flatter.' : 'Check the indentation and the brackets of this line.',
            location: at(error.pos[0]),
          };
        }),
      );
    }
    const circle = findCircle(document);
    if (circle !== undefined) {
      throw invalid([
        {
          code: 'invalid_yaml',
          message: `The alias *${circle.source} stands inside of what it refers to.`,
          hint: 'Write out what is meant.',
          location: circle.range == null ? { file } : at(circle.range[0]),
        },
      ]);
    }
    return {
      value: document.toJS({ maxAliasCount: MAX_ALIASES }),
      locate: (path) => {
        for (let length = path.length; length >= 0; length--) {
          const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
          if (isNode(node) && node.range != null) return { ...at(node.range[0]), path: formatPath(path) };
        }
        return { file, path: formatPath(path) };
      },
    };
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    const deep = error instanceof RangeError;
    throw invalid([
      {
        code: 'invalid_yaml',
        message: deep
          ? 'Not usable YAML: it is nested too deep.'
          : `Not usable YAML: ${(error as Error).message}.`,
        hint: deep ? 'Make it flatter.' : 'Write the aliases out.',
        location: { file },
      },
    ]);
  }
}

/** An alias that stands inside of the node it refers to: data that would hold itself. */
function findCircle(document: Document): (Node & { readonly source: string }) | undefined {
  let found: (Node & { readonly source: string }) | undefined;
  visit(document, {
    Alias(_, alias, ancestors) {
      const target = alias.resolve(document);
      if (target === undefined || !ancestors.some((ancestor) => ancestor === target)) return undefined;
      if (isAlias(alias)) found = alias;
      return visit.BREAK;
    },
  });
  return found;
}
