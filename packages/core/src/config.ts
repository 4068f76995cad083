import * as z from 'zod';
import { InvalidInputError } from './errors.js';
import { fieldPath } from './field-path.js';
import { strictSchema } from './schema.js';
import { schemaProblem } from './schema-problem.js';

/**
 * What `schema` makes of `input`, with its defaults. Keys the schema does not have are errors too, with the nearest known
 * key. Throws InvalidInputError whose field is the path of the first problem, below `path`.
 */
export function parseConfig<Schema extends z.ZodObject>(
  schema: Schema,
  input: z.input<Schema>,
  path?: string,
): z.output<Schema> {
  return parseUnknown(schema, input, path);
}

/** As `parseConfig`, for what no compiler has seen: what a file, a command line or a message holds. */
export function parseUnknown<Schema extends z.ZodObject>(
  schema: Schema,
  input: unknown,
  path = 'config',
): z.output<Schema> {
  const parsed = z.safeParse(strictSchema(schema), input);
  if (parsed.success) return parsed.data as z.output<Schema>;
  const { path: keys, problem } = schemaProblem(parsed.error.issues, input);
  throw new InvalidInputError(below(path, keys), problem);
}

/** `path` stands as it was given: it may be that of a file, or empty. */
function below(path: string, keys: readonly PropertyKey[]): string {
  const rest = fieldPath(keys);
  return path === '' || rest === '' || rest.startsWith('[') ? path + rest : `${path}.${rest}`;
}
