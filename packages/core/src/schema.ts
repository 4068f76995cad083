import * as z from 'zod';
import { nearestNames, PluginError } from './errors.js';
import { showValue } from './show-value.js';

/**
 * A plugin may bring its own copy of zod, or zod/mini, so these functions neither call methods of a schema's class nor
 * compare classes. They use `_zod`, the part that zod 4 keeps stable for libraries.
 */

/** Throws PluginError, which begins with `what`, unless `schema` is a zod 4 object schema. */
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
  throw new PluginError(`${what} must be a zod 4 object schema, z.object({ ... }), got ${found}`);
}

/** The schema, with unknown keys refused; the error for an unknown key names the nearest known one. */
export function strictSchema<Schema extends z.ZodObject>(schema: Schema): Schema {
  const { def } = schema._zod;
  const own = def.error as z.core.$ZodErrorMap | undefined;
  const known = Object.keys(def.shape);
  const error = (issue: z.core.$ZodRawIssue) =>
    own?.(issue) ?? (issue.code === 'unrecognized_keys' ? unknownKey(issue.keys[0]!, known) : undefined);
  return z.clone(schema, { ...def, catchall: z.never(), error }) as Schema;
}

/** What is wrong with an unknown key: `unknown key; did you mean batchSize?`. */
export function unknownKey(key: string, known: readonly string[]): string {
  const near = nearestNames(key, known);
  if (near.length > 0) return `unknown key; did you mean ${near.join(' or ')}?`;
  return `unknown key; ${known.length > 0 ? `known keys: ${known.join(', ')}` : 'it has no settings'}`;
}

/**
 * The JSON schema of what a plugin's schema takes, with the descriptions and other metadata of its fields. zod 4 before
 * version 4.2 stores these where only the same copy of zod finds them.
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
