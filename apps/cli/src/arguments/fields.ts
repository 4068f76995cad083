import { jsonSchemaOf } from '@maxent/core';
import type * as z from 'zod';

/** The types that a text on the command line can stand for. */
type FieldType = 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object';

/** A field of a configuration schema, as the command line needs to know it. */
export interface Field {
  readonly name: string;
  readonly description: string;
  readonly types: ReadonlySet<FieldType>;
  /** A short description of the allowed values, such as `integer > 0` or `auto|number`. */
  readonly typeLabel: string;
  /** The value's placeholder in help; from the schema's `meta({ placeholder })`. */
  readonly placeholder: string | undefined;
  /** What the option means without a value; from the schema's `meta({ bare })`. */
  readonly bare: string | undefined;
  readonly required: boolean;
  readonly defaultValue: unknown;
  /** The fields of an object; undefined for anything else. */
  readonly fields: readonly Field[] | undefined;
}

type JsonSchema = Readonly<Record<string, unknown>>;

/** The fields of a schema, in the order of their definition. */
export function fieldsOf(schema: z.ZodObject): Field[] {
  return objectFields(jsonSchemaOf(schema) as JsonSchema);
}

function objectFields(schema: JsonSchema): Field[] {
  const required = new Set((schema.required ?? []) as string[]);
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).map(([name, property]) => ({
    name,
    description: (property.description as string | undefined) ?? '',
    types: typesOf(property),
    typeLabel: labelOf(property),
    placeholder: property.placeholder as string | undefined,
    bare: property.bare as string | undefined,
    required: required.has(name),
    defaultValue: property.default,
    fields: property.properties === undefined ? undefined : objectFields(property),
  }));
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] | undefined {
  return (schema.anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined;
}

function typesOf(schema: JsonSchema): ReadonlySet<FieldType> {
  const nested = alternatives(schema);
  if (nested !== undefined) return new Set(nested.flatMap((part) => [...typesOf(part)]));
  const types = [schema.type ?? []].flat() as string[];
  return new Set(types.map((type) => (type === 'integer' ? 'number' : (type as FieldType))));
}

function labelOf(schema: JsonSchema): string {
  const nested = alternatives(schema);
  if (nested !== undefined) return nested.map(labelOf).join('|');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum !== undefined) return (schema.enum as unknown[]).join('|');
  const types = [schema.type ?? 'value'].flat() as string[];
  if (types.length > 1) return types.map((type) => labelOf({ ...schema, type })).join('|');
  if (schema.prefixItems !== undefined)
    return `[${(schema.prefixItems as readonly JsonSchema[]).map(labelOf).join(', ')}]`;
  if (types[0] === 'array') return `[${labelOf((schema.items ?? {}) as JsonSchema)}, ...]`;
  if (types[0] === 'number' || types[0] === 'integer')
    return `${types[0]} ${boundsOf(schema).join(' and ')}`.trimEnd();
  return types[0]!;
}

/** Bounds worth showing: the bounds of safe integers go without saying. */
function boundsOf(schema: JsonSchema): string[] {
  const bounds: readonly (readonly [string, unknown])[] = [
    ['>', schema.exclusiveMinimum],
    ['>=', schema.minimum],
    ['<', schema.exclusiveMaximum],
    ['<=', schema.maximum],
  ];
  return bounds
    .filter(([, bound]) => typeof bound === 'number' && Math.abs(bound) !== Number.MAX_SAFE_INTEGER)
    .map(([sign, bound]) => `${sign} ${bound}`);
}
