import { type Field, fieldsOf } from '../arguments/fields.js';
import { commonFieldsOf, optionName, placeholderOf, positionalName } from '../arguments/parse-arguments.js';
import type { Command } from '../commands/command.js';
import { formatColumns } from './columns.js';

const PROGRESS = `Progress goes to standard error: on a terminal one line that is overwritten; elsewhere nothing but results,
warnings and, every 5 minutes, a line of summary.`;

/** One command's help, generated from its schema. */
export function formatCommandHelp(name: string, summary: string, command: Command, further: string): string {
  const fields = fieldsOf(command.input);
  const positionals = command.positionals.map((key) => fields.find((field) => field.name === key)!);
  const options = fields.filter((field) => !positionals.includes(field));
  const sections = [
    `${summary}\n\nUsage: maxent ${[name, ...positionals.map(usageOf), '[options]'].join(' ')}`,
    section(
      'Arguments',
      positionals.map((field) => [positionalName(field.name), describe(field)]),
    ),
    section(
      'Options',
      [...options, ...commonFieldsOf(command)].map((field) => [optionUsage(field), describe(field)]),
    ),
    command.events === true ? PROGRESS : '',
    further,
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

/** The fields of a configuration schema with defaults and descriptions, dotted below `prefix`. */
export function formatSettings(fields: readonly Field[], prefix = ''): string {
  return formatColumns(settingRows(fields, prefix));
}

function settingRows(fields: readonly Field[], prefix: string): (readonly [string, string])[] {
  return fields.flatMap((field): (readonly [string, string])[] =>
    field.fields === undefined
      ? [[prefix + field.name, `${describe(field)} (${field.typeLabel})`]]
      : settingRows(field.fields, `${prefix}${field.name}.`),
  );
}

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  return rows.length === 0 ? '' : `${title}:\n${formatColumns(rows)}`;
}

function usageOf(field: Field): string {
  const name = positionalName(field.name);
  const repeated = field.types.has('array') ? `${name}...` : name;
  return field.required ? repeated : `[${repeated}]`;
}

function optionUsage(field: Field): string {
  const option = optionName(field.name);
  return field.types.has('boolean') ? option : `${option} ${placeholderOf(field)}`;
}

function describe({ description, defaultValue, types }: Field): string {
  const silent = defaultValue === undefined || (types.has('boolean') && defaultValue === false);
  const empty = Array.isArray(defaultValue) && defaultValue.length === 0;
  if (silent || empty) return description;
  const text = typeof defaultValue === 'string' ? defaultValue : JSON.stringify(defaultValue);
  return `${description} [default: ${text}]`;
}
