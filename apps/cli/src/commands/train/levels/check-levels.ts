import { InvalidInputError, isMaxentError } from '@maxent/core';
import { LevelStack, settingNotCarried } from '@maxent/hierarchy';
import { levelDirectory, readLevelsBelow } from '@maxent/hierarchy/node';
import { completeRunConfig, type RunPlan } from '@maxent/library/runs';
import type { RunConfig } from '@maxent/training';
import { assertResumable, type StoredRun } from '@maxent/training/node';
import type { PluginSet } from '../../../plugins/load-plugins.js';
import type { CommandWatch } from '../../../runs/watch.js';
import { newRunConfig, type RunRequest, resumedRunConfig } from '../run-config.js';
import { untrainedLevel } from './frozen-level.js';
import type { PlannedLevel } from './level-plan.js';

/**
 * Creates every level of a plan once, untrained, on the levels below it, so that errors are found before anything is
 * written or trained. Levels that have started must be planned as before, except that the topmost of them may get more
 * steps. Returns the plan with the decision, for each level, whether it continues the one below.
 */
export async function checkLevels(
  plan: readonly PlannedLevel[],
  started: readonly (StoredRun | undefined)[],
  plugins: PluginSet,
  directory: string,
  watch: CommandWatch,
): Promise<PlannedLevel[]> {
  let stack = new LevelStack();
  let last: CheckedLevel | undefined;
  const checked: PlannedLevel[] = [];
  try {
    for (const [i, planned] of plan.entries()) {
      const run = started[i];
      const { belowSee } = planned;
      const below = belowSee === undefined ? stack : stack.seeing(belowSee);
      last = await naming(i, run !== undefined, async () => {
        const stored = run && completeRunConfig(run.config, plugins.registry);
        const made = (request: RunRequest) =>
          stored === undefined
            ? newRunConfig(request, plugins, levelDirectory(directory, i))
            : resumedRunConfig(stored, request, plugins);
        const continued = continuedBy(planned, made(planned.request), last, stored);
        const request = placed(planned.request, continued);
        const own = made(request);
        if (stored !== undefined) requireSameRun(stored, own, i < started.length - 1);
        const { level, canContinue } = await untrainedLevel(below, plugins.registry, own, watch);
        stack = below.with(level);
        checked.push({ request, belowSee, continues: continued > 0 });
        return { plan: own, canContinue };
      });
      if (run !== undefined) await requireSameView(run, below, i);
    }
  } finally {
    stack.dispose();
  }
  return checked;
}

interface CheckedLevel {
  readonly plan: RunPlan;
  /** Whether its agent can continue a level. */
  readonly canContinue: boolean;
}

/** How many of the levels below it a level continues. Throws InvalidInputError if it cannot do what it is told. */
function continuedBy(
  { continues, belowSee }: PlannedLevel,
  plan: RunPlan,
  below: CheckedLevel | undefined,
  stored: RunConfig | undefined,
): number {
  if (continues === false) return 0;
  if (continues === undefined && stored !== undefined) return stored.level?.continued ?? 0;
  const problem = belowSee === undefined ? notContinued(below, plan) : 'belowSee gives it another view';
  if (problem === undefined) return (below!.plan.level?.continued ?? 0) + 1;
  if (continues === undefined) return 0;
  throw new InvalidInputError('continues', `expected false, got true: ${problem}`);
}

/** Why a level cannot continue the one below; undefined if it can. */
function notContinued(below: CheckedLevel | undefined, plan: RunPlan): string | undefined {
  if (below === undefined) return 'there is no level below it';
  const { agent, environment, level } = below.plan;
  if (!below.canContinue) return `the agent ${agent.name} cannot continue a level`;
  if (agent.name !== plan.agent.name) return `the agent of the level below is ${agent.name}`;
  if (JSON.stringify(environment) !== JSON.stringify(plan.environment))
    return 'the level below has another environment or other options of it, and so another reward';
  if (JSON.stringify(level?.sees) !== JSON.stringify(plan.level?.sees))
    return 'it does not see what the level below sees';
  if (plan.level?.every !== 1) return `it acts every ${plan.level?.every} steps of the level below`;
  const setting = settingNotCarried(agent.config, plan.agent.config);
  return setting === undefined ? undefined : `the level below has another ${setting}`;
}

/** A request whose level continues so many of those below. */
function placed({ level, ...request }: RunRequest, continued: number): RunRequest {
  const { continued: _, ...place } = level!;
  return { ...request, level: { ...place, ...(continued > 0 && { continued }) } };
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
