import * as z from 'zod';
import { nearestNames, PluginError } from './errors.js';
import { showValue } from './show-value.js';

/**
 * A plugin may bring its own copy of zod, also zod/mini, so these functions call no method of a schema's class and
 * compare no class. What zod 4 promises to libraries is the part named `_zod`.
 */

/** Throws PluginError, which begins with `what`, unless `schema` is an object of zod 4. */
export function requireObjectSchema(schema: unknown, what: string): void {
  const { _zod, _def } = (schema ?? {}) as {
    readonly _zod?: z.core.$ZodType['_zod'];
    readonly _def?: unknown;
  };
  if (_zod?.def?.type === 'object') return;
  if (_zod === undefined && _def !== undefined) {
    throw new PluginError(
      `${what} was made with zod 3, which cannot be read here; make it with zod 4: npm install zod@4, and import from "zod"`,
    );
  }
  const found = _zod === undefined ? showValue(schema) : `a zod schema of type "${_zod.def.type}"`;
  throw new PluginError(`${what} must be an object of zod 4, z.object({ ... }), got ${found}`);
}

/** The schema, taking no keys but its own; the error for another key names the nearest of them. */
export function strictSchema<Schema extends z.ZodObject>(schema: Schema): Schema {
  const { def } = schema._zod;
  const own = def.error as z.core.$ZodErrorMap | undefined;
  const known = Object.keys(def.shape);
  const error = (issue: z.core.$ZodRawIssue) =>
    own?.(issue) ?? (issue.code === 'unrecognized_keys' ? unknownKey(issue.keys[0]!, known) : undefined);
  return z.clone(schema, { ...def, catchall: z.never(), error }) as Schema;
}

/** What is wrong with a key that is not among the known ones: `unknown key; did you mean batchSize?`. */
export function unknownKey(key: string, known: readonly string[]): string {
  const near = nearestNames(key, known);
  if (near.length > 0) return `unknown key; did you mean ${near.join(' or ')}?`;
  return `unknown key; ${known.length > 0 ? `known keys: ${known.join(', ')}` : 'it has no settings'}`;
}

/**
 * The JSON schema of what a plugin's schema takes, with the descriptions and other notes of its fields: zod 4 before
 * version 4.2 keeps these where only the same copy looks.
 */
export function jsonSchemaOf(schema: z.ZodObject): z.core.JSONSchema.JSONSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { meta } = zodSchema as { readonly meta?: () => Readonly<Record<string, unknown>> | undefined };
      const notes = typeof meta === 'function' ? meta.call(zodSchema) : undefined;
      for (const [key, value] of Object.entries(notes ?? {})) {
        if (key !== 'id') jsonSchema[key] ??= value;
      }
    },
  });
}
