import { parseArgs } from 'node:util';
import { InvalidInputError, schemaProblem, showValue, UnknownNameError } from '@maxent/core';
import * as z from 'zod';
import type { Command } from '../commands/command.js';
import { type Field, fieldsOf } from './fields.js';
import { readValue } from './read-value.js';

/** Options that every command has. */
interface CommonOptions {
  readonly json: boolean;
  readonly help: boolean;
  readonly plugins: readonly string[];
  /** Whether events are asked for, of a command that has them. */
  readonly events: boolean;
}

export type TextOf = (fieldName: string) => string | undefined;

export interface ParsedArguments {
  readonly common: CommonOptions;
  /** The unchecked text given for a field, for help that depends on it. */
  readonly textOf: TextOf;
  /** Reads and checks the command's own input. Throws InvalidInputError or UnknownNameError. */
  readonly input: () => Record<string, unknown>;
}

const commonInput = z.object({
  plugin: z
    .array(z.string())
    .default([])
    .describe('plugin to add: a package name or a path; may be given several times'),
  json: z.boolean().default(false).describe('print one JSON document on standard output'),
  help: z.boolean().default(false).describe('show this help'),
});

const commonFields: readonly Field[] = fieldsOf(commonInput);

const eventsInput = z.object({
  events: z
    .enum(['ndjson'])
    .optional()
    .describe(
      'write progress and results to standard output as they come, one JSON object in each line, instead of the answer for people; not with --json, because the last line holds the same answer',
    ),
});

/** The options that a command has beside its own. */
export function commonFieldsOf({ events }: Pick<Command, 'events'>): readonly Field[] {
  return events === true ? [...fieldsOf(eventsInput), ...commonFields] : commonFields;
}

/** `evalEvery` is given as `--eval-every`. */
export function optionName(fieldName: string): string {
  return `--${fieldName.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Splits the arguments after a command's name; nothing is rejected until `input` is called. */
export function parseArguments(
  args: readonly string[],
  command: Pick<Command, 'input' | 'positionals' | 'events'>,
): ParsedArguments {
  const common = commonFieldsOf(command);
  const positionals: readonly string[] = command.positionals;
  const fields = fieldsOf(command.input);
  const byOption = new Map(
    [...fields.filter(({ name }) => !positionals.includes(name)), ...common].map((field) => [
      optionName(field.name),
      field,
    ]),
  );
  const options = Object.fromEntries(
    [...byOption].map(([option, { types }]) => [
      option.slice(2),
      { type: types.has('boolean') ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  );
  const { tokens } = parseArgs({
    args: args.map((word, i) => {
      const bare = byOption.get(word)?.bare;
      return bare === undefined || isValue(args[i + 1]) ? word : `${word}=${bare}`;
    }),
    options: { ...options, help: { type: 'boolean', multiple: true, short: 'h' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words = tokens.filter((token) => token.kind === 'positional').map(({ value }) => value);
  const given = tokens.filter((token) => token.kind === 'option');
  const has = (name: string): boolean => given.some((token) => token.name === name);

  return {
    textOf: (fieldName) => {
      const index = positionals.indexOf(fieldName);
      if (index >= 0) return words[index];
      return given.find(({ name }) => `--${name}` === optionName(fieldName))?.value;
    },
    common: {
      json: has('json'),
      help: has('help'),
      events:
        command.events === true && given.some(({ name, value }) => name === 'events' && value === 'ndjson'),
      plugins: given.flatMap(({ name, value }) => (name === 'plugin' && value !== undefined ? [value] : [])),
    },
    input: () => {
      const input: Record<string, unknown> = {};
      for (const token of given) {
        const option = token.rawName.startsWith('--') ? `--${token.name}` : token.rawName;
        const field = byOption.get(token.rawName === '-h' ? '--help' : option);
        if (field === undefined) throw new UnknownNameError('option', option, [...byOption.keys()]);
        store(input, field, option, checkedText(token, field, option));
      }
      if (command.events === true) validated(eventsInput, { events: input.events }, []);
      for (const { name } of common) delete input[name];
      storePositionals(input, words, positionals, fields);
      return validated(command.input, input, positionals);
    },
  };
}

interface OptionToken {
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

/** The text given to an option, or undefined for one that takes none. */
function checkedText(token: OptionToken, field: Field, option: string): string | undefined {
  if (field.types.has('boolean')) {
    if (token.value !== undefined)
      throw new InvalidInputError(option, `takes no value, got "${token.value}"`);
    return undefined;
  }
  const { value, inlineValue } = token;
  if (value === undefined || (inlineValue === false && !isValue(value))) {
    throw new InvalidInputError(
      option,
      `needs a value (${field.typeLabel}): ${option} ${placeholderOf(field)}`,
    );
  }
  return value;
}

/** `--out --json` lacks a value; `--steps -5` has a wrong one and `--input -` a right one. */
function isValue(next: string | undefined): boolean {
  return next !== undefined && !/^--?[a-z]/i.test(next);
}

function store(input: Record<string, unknown>, field: Field, option: string, text: string | undefined): void {
  if (field.types.has('array')) {
    input[field.name] = [...((input[field.name] as unknown[] | undefined) ?? []), text];
    return;
  }
  if (field.name in input && text !== undefined) {
    throw new InvalidInputError(option, 'given twice; give it once');
  }
  input[field.name] = text === undefined ? true : readValue(text, field, option);
}

function storePositionals(
  input: Record<string, unknown>,
  words: readonly string[],
  positionals: readonly string[],
  fields: readonly Field[],
): void {
  const rest = [...words];
  for (const name of positionals) {
    const field = fields.find((candidate) => candidate.name === name)!;
    if (field.types.has('array')) {
      if (rest.length > 0) input[name] = rest.splice(0);
    } else if (rest.length > 0) {
      input[name] = readValue(rest.shift()!, field, positionalName(name));
    }
  }
  if (rest.length > 0) {
    const takes =
      positionals.length === 0 ? 'takes none' : `takes ${positionals.map(positionalName).join(' ')}`;
    throw new InvalidInputError('arguments', `unexpected ${showValue(rest[0])}; this command ${takes}`);
  }
}

/** Shows `runDir` as RUN_DIR. */
export function positionalName(fieldName: string): string {
  return optionName(fieldName).slice(2).replaceAll('-', '_').toUpperCase();
}

/** A field as it is typed on the command line: RUN_DIR for a positional, --eval-every for an option. */
export function typedName(fieldName: string, positionals: readonly string[]): string {
  return positionals.includes(fieldName) ? positionalName(fieldName) : optionName(fieldName);
}

/** The placeholder of an option's value in help and messages. */
export function placeholderOf({ name, typeLabel, types, placeholder }: Field): string {
  if (placeholder !== undefined) return placeholder;
  if (/^[\w.-]+(\|[\w.-]+)+$/.test(typeLabel)) return typeLabel;
  return types.has('number') ? 'N' : positionalName(name);
}

function validated(
  schema: z.ZodObject,
  input: Record<string, unknown>,
  positionals: readonly string[],
): Record<string, unknown> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { path, problem } = schemaProblem(parsed.error.issues, input);
  throw new InvalidInputError(typedName(String(path[0]), positionals), problem);
}
