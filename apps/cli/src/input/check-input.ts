import { fieldPath, InvalidInputError, schemaProblem, strictSchema } from '@maxent/core';
import * as z from 'zod';

/** An object with only the keys of `shape`; the error for any other key names the nearest of them. */
export function closedObject<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return strictSchema(z.strictObject(shape));
}

/**
 * Reads `input` by `schema`. Throws InvalidInputError with the path of the first problem as its field, such as
 * `factors[1].values`; for a problem of the whole document, the field is `root`.
 */
export function checkInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  root: string,
): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { path, problem } = schemaProblem(parsed.error.issues, input);
  throw new InvalidInputError(fieldPath(path) || root, problem);
}
