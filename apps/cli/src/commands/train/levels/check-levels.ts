import { InvalidInputError, isMaxentError } from '@maxent/core';
import { LevelStack } from '@maxent/hierarchy';
import { levelDirectory, readLevelsBelow } from '@maxent/hierarchy/node';
import { completeRunConfig, type RunPlan } from '@maxent/library/runs';
import type { RunConfig } from '@maxent/training';
import { assertResumable, type StoredRun } from '@maxent/training/node';
import type { PluginSet } from '../../../plugins/load-plugins.js';
import type { CommandWatch } from '../../../runs/watch.js';
import { newRunConfig, resumedRunConfig } from '../run-config.js';
import { untrainedLevel } from './frozen-level.js';
import type { PlannedLevel } from './level-plan.js';

/**
 * Creates every level of a plan once, untrained, on the levels below it, so that errors are found before anything is
 * written or trained. Levels that have started must be planned as before, except that the topmost of them may get more
 * steps.
 */
export async function checkLevels(
  plan: readonly PlannedLevel[],
  started: readonly (StoredRun | undefined)[],
  plugins: PluginSet,
  directory: string,
  watch: CommandWatch,
): Promise<void> {
  let stack = new LevelStack();
  try {
    for (const [i, { request, belowSee }] of plan.entries()) {
      const run = started[i];
      const below = belowSee === undefined ? stack : stack.seeing(belowSee);
      stack = await naming(i, run !== undefined, async () => {
        const stored = run && completeRunConfig(run.config, plugins.registry);
        const made =
          stored === undefined
            ? newRunConfig(request, plugins, levelDirectory(directory, i))
            : resumedRunConfig(stored, request, plugins);
        if (stored !== undefined) requireSameRun(stored, made, i < started.length - 1);
        return below.with(await untrainedLevel(below, plugins.registry, made, watch));
      });
      if (run !== undefined) await requireSameView(run, below, i);
    }
  } finally {
    stack.dispose();
  }
}

/**
 * Says which level an error is about, except for a new lowest one, where the command's own options may be the cause.
 */
async function naming<T>(level: number, started: boolean, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((level === 0 && !started) || !isMaxentError(error) || isFault(error)) throw error;
    throw new InvalidInputError(`levels[${level}]`, error.message, { cause: error });
  }
}

/** Whether an error is about code rather than the plan. */
function isFault(error: unknown): boolean {
  return ['ENVIRONMENT_FAULT', 'AGENT_FAULT', 'PLUGIN'].some((code) => isMaxentError(error, code));
}

function requireSameRun(config: RunConfig, plan: RunPlan, frozen: boolean): void {
  if (frozen && plan.steps !== config.steps) {
    throw new InvalidInputError(
      'steps',
      `expected ${config.steps}, got ${plan.steps}: another level was trained on top of this one, so it is frozen. Only the ` +
        'topmost level that has started may get more steps',
    );
  }
  assertResumable(config, { ...plan, backend: config.backend, provenance: config.provenance });
}

async function requireSameView({ directory, config }: StoredRun, planned: LevelStack, level: number) {
  const stored = await readLevelsBelow(directory, config);
  const [before, now] = [stored, planned].map((stack) =>
    JSON.stringify(stack?.levels.map(({ sees }) => sees && [sees.from, sees.to])),
  );
  stored?.dispose();
  if (before === now) return;
  throw new InvalidInputError(
    `levels[${level}].belowSee`,
    `the run was started with ${before} and cannot be resumed with ${now}; use the same value, or start a new ` +
      'hierarchy in another directory',
  );
}
