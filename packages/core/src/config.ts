import * as z from 'zod';
import { InvalidInputError } from './errors.js';
import { fieldPath } from './field-path.js';
import { strictSchema } from './schema.js';
import { schemaProblem } from './schema-problem.js';

/**
 * Parses `input` by `schema` and fills in the defaults. An unknown key is an error too, which suggests the nearest
 * known key. Throws InvalidInputError whose field is the path of the first problem, starting with `path`.
 */
export function parseConfig<Schema extends z.ZodObject>(
  schema: Schema,
  input: z.input<Schema>,
  path?: string,
): z.output<Schema> {
  return parseUnknown(schema, input, path);
}

/** As `parseConfig`, for values without a known type, such as from a file, a command line or a message. */
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

/** The field's full path. `path` is used as given: it may be a file's path, or empty. */
function below(path: string, keys: readonly PropertyKey[]): string {
  const rest = fieldPath(keys);
  return path === '' || rest === '' || rest.startsWith('[') ? path + rest : `${path}.${rest}`;
}
