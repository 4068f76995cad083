import { InvalidInputError, isRecord } from '@maxent/core';
import type { RunConfig } from '@maxent/training';
import { formatTick } from '@maxent/training/report';
import { formatCounted } from '../../output/format-number.js';

/** Runs that differ only in their seed, and what distinguishes them from the other groups. */
export interface RunGroup<Run> {
  readonly label: string;
  readonly runs: readonly Run[];
}

/**
 * Groups runs by their configuration, each group with a label of what differs: `learningRate 3e-4, 3 seeds`. Throws
 * InvalidInputError for runs in different environments, because their returns have no common scale.
 */
export function groupRuns<Run extends { readonly config: RunConfig }>(
  runs: readonly Run[],
): readonly RunGroup<Run>[] {
  const environments = [...new Set(runs.map(({ config }) => config.environment.id))];
  if (environments.length > 1) {
    throw new InvalidInputError(
      '--curve',
      `expected runs in one environment, got ${environments.join(' and ')}: their returns have no common scale; ` +
        'make one picture for each',
    );
  }
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

function seedsOf(runs: readonly { readonly config: RunConfig }[]): string {
  const seeds = new Set(runs.map(({ config }) => config.seed));
  if (seeds.size < runs.length) return formatCounted(runs.length, 'run');
  return seeds.size === 1 ? `seed ${[...seeds][0]}` : `${seeds.size} seeds`;
}
