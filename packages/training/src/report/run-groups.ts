import { InvalidInputError, isRecord } from '@maxent/core';
import type { RunConfig } from '../run-config.js';
import { listNames } from './list-names.js';
import { formatTick } from './numbers.js';

/** A run to compare, and what its reader calls it, such as its directory. */
export interface NamedRun {
  readonly name: string;
  readonly config: RunConfig;
}

/** Runs that differ only in their seed, and what distinguishes them from the other groups. */
export interface RunGroup<Run> {
  readonly label: string;
  readonly runs: readonly Run[];
}

/**
 * Groups runs by their configuration, each group with a label of what differs: `learningRate 3e-4, 3 seeds`. Throws
 * InvalidInputError with field `runs` for runs whose returns have no common scale: in different environments, with other
 * rewards, or with evaluation episodes that are cut off at another length.
 */
export function groupRuns<Run extends NamedRun>(runs: readonly Run[]): readonly RunGroup<Run>[] {
  requireOneScale(runs);
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = JSON.stringify(settingsOf(run.config));
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const all = [...groups.values()];
  const settings = all.map(([first]) => settingsOf(first!.config));
  const names = new Set(all.map(([first]) => first!.config.agent.name));
  return all.map((group, i) => {
    const { name } = group[0]!.config.agent;
    const rivals = settings.filter((_, j) => all[j]![0]!.config.agent.name === name);
    const keys = [...new Set(rivals.flatMap(Object.keys))];
    const parts = keys
      .filter((key) => rivals.some((other) => other[key] !== settings[i]![key]))
      .map((key) => `${key} ${shown(settings[i]![key])}`);
    const agent = names.size > 1 || parts.length === 0 ? [name] : [];
    return { label: [...agent, ...parts, seedsOf(group)].join(', '), runs: group };
  });
}

/** Options whose name says that they are paid. */
const PAID = /reward|cost|penalty|prize|bonus/i;

function requireOneScale(runs: readonly NamedRun[]): void {
  const refuse = (expected: string, values: ReadonlyMap<string, readonly string[]>): never => {
    const got = [...values].map(([value, names]) => `${value} (${listNames(names)})`);
    throw new InvalidInputError(
      'runs',
      `expected runs ${expected}, got ${got.join(' and ')}: their returns have no common scale; compare those with ` +
        'the same one',
    );
  };
  const requireSame = (expected: string, read: (config: RunConfig) => string): void => {
    const values = new Map<string, string[]>();
    for (const { name, config } of runs)
      values.set(read(config), [...(values.get(read(config)) ?? []), name]);
    if (values.size > 1) refuse(expected, values);
  };
  requireSame('in one environment', ({ environment }) => environment.id);
  const options = runs.map(({ config }) => Object.fromEntries(flattened(config.environment.options, '')));
  const paid = [...new Set(options.flatMap(Object.keys))].filter((option) => PAID.test(option));
  for (const option of paid) {
    requireSame('with one reward', ({ environment }) => {
      const json = Object.fromEntries(flattened(environment.options, ''))[option];
      return `environment ${option} ${shown(json)}`;
    });
  }
  requireSame('with evaluation episodes of one length', ({ evalMaxSteps }) =>
    evalMaxSteps === undefined ? "the environment's limit" : `at most ${evalMaxSteps} steps`,
  );
}

/** Every setting that affects a curve except the seed, by its name in a label; values as JSON. */
function settingsOf({ agent, environment, level, evaluation }: RunConfig): Record<string, string> {
  const { below, continued = false, ...embedding } = level ?? {};
  return Object.fromEntries([
    ...flattened(agent.config, ''),
    ...flattened(environment.options, 'environment '),
    ...(below === undefined ? [] : [['level', JSON.stringify(`${below}${continued ? ', continued' : ''}`)]]),
    ...flattened(embedding, 'level '),
    ['evaluated every', JSON.stringify(evaluation.every)],
    ['agent', JSON.stringify(agent.name)],
  ]);
}

function flattened(values: object, prefix: string): [name: string, json: string][] {
  return Object.entries(values).flatMap(([key, value]): [string, string][] =>
    isRecord(value) ? flattened(value, `${prefix}${key}.`) : [[`${prefix}${key}`, JSON.stringify(value)]],
  );
}

function shown(json: string | undefined): string {
  if (json === undefined) return 'not set';
  const value: unknown = JSON.parse(json);
  if (typeof value === 'number') return formatTick(value);
  return typeof value === 'string' ? value : json;
}

function seedsOf(runs: readonly NamedRun[]): string {
  const seeds = new Set(runs.map(({ config }) => config.seed));
  if (seeds.size < runs.length) return `${runs.length} runs`;
  return seeds.size === 1 ? `seed ${[...seeds][0]}` : `${seeds.size} seeds`;
}
