import { InvalidInputError, type JsonValue } from '@maxent/core';
import type { RunConfig } from '../run-config.js';
import { flattened } from './flattened.js';
import { grouped } from './grouped.js';
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
  const all = [...grouped(runs, ({ config }) => JSON.stringify(settingsOf(config))).values()];
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
  const requireSame = (expected: string, read: (config: RunConfig) => string): void => {
    const values = grouped(runs, ({ config }) => read(config));
    if (values.size <= 1) return;
    const got = [...values].map(([value, alike]) => `${value} (${listNames(alike.map(({ name }) => name))})`);
    throw new InvalidInputError(
      'runs',
      `expected runs ${expected}, got ${got.join(' and ')}: their returns have no common scale; compare those with ` +
        'the same one',
    );
  };
  requireSame('in one environment', ({ environment }) => environment.id);
  const options = new Map(
    runs.map(({ config }) => [config, new Map(flattened(config.environment.options))] as const),
  );
  const named = new Set([...options.values()].flatMap((values) => [...values.keys()]));
  for (const option of [...named].filter((name) => PAID.test(name))) {
    requireSame(
      'with one reward',
      (config) => `environment ${option} ${shown(JSON.stringify(options.get(config)!.get(option)))}`,
    );
  }
  requireSame('with evaluation episodes of one length', ({ evalMaxSteps }) =>
    evalMaxSteps === undefined ? "the environment's limit" : `at most ${evalMaxSteps} steps`,
  );
}

/** Every setting that affects a curve except the seed, by its name in a label; values as JSON. */
function settingsOf({ agent, environment, level, evaluation }: RunConfig): Record<string, string> {
  const { below, continued = false, ...embedding } = level ?? {};
  const settings: readonly (readonly [name: string, value: JsonValue])[] = [
    ...flattened(agent.config),
    ...flattened(environment.options, 'environment '),
    ...(below === undefined ? [] : [['level', `${below}${continued ? ', continued' : ''}`] as const]),
    ...flattened(embedding, 'level '),
    ['evaluated every', evaluation.every],
    ['agent', agent.name],
  ];
  return Object.fromEntries(settings.map(([name, value]) => [name, JSON.stringify(value)]));
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
