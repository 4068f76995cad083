import { copyValue, type Policy, Rng, type Space } from '@maxent/core';
import { EnvironmentWrapper, originalRewardOf } from '@maxent/envs';
import { evaluate } from '@maxent/training';
import type { StoredRun } from '@maxent/training/node';
import { writePage } from '../../figures/write-page.js';
import { resolvePath } from '../../process/paths.js';
import { actingCheckpoint } from '../../runs/acting-checkpoint.js';
import { drawer } from '../../runs/drawer.js';
import { episodeNotices } from '../../runs/episode-notices.js';
import { optionalFigures } from '../../runs/evaluation-fields.js';
import { type ActingOptions, withActingRun } from '../acting-run.js';
import type { CommandContext } from '../command.js';
import { actionNamesOf } from './action-names.js';
import type { WatchAnswer } from './answer.js';
import { type Moment, watchPage } from './page.js';
import { Questions } from './questions.js';

export interface WatchRunOptions extends ActingOptions {
  readonly html: string;
}

/** Notes the environment's own reward of every step. */
class Rewards extends EnvironmentWrapper<unknown, unknown> {
  readonly noted: number[] = [];

  override step(action: unknown) {
    const result = this.inner.step(action);
    this.noted.push(originalRewardOf(result));
    return result;
  }
}

/** Runs the first episode that `maxent eval` runs with this seed, and writes it as a page. */
export function watchRun(options: WatchRunOptions, context: CommandContext): Promise<WatchAnswer> {
  const { html, seed, stochastic, evalMaxSteps } = options;
  const { io } = context;
  const plan = {
    forFamilies: 'maxent adapt --html, which shows it in one task',
    chooseCheckpoint: (run: StoredRun) => chosenCheckpoint(io, run, options),
  };
  return withActingRun(
    options,
    plan,
    context,
    async ({ config, step, environment, agent, policy, watch }) => {
      const draw = drawer(environment, config.environment.id);
      const { observationSpace, actionSpace } = environment;
      const questions = new Questions(agent, actionSpace, Rng.fromSeed(seed).split('questions'));
      const moments: Moment[] = [];
      const pictures: Promise<string>[] = [];
      const watched: Policy = {
        act(observation, actOptions) {
          pictures.push(draw());
          const numbers = numbersOf(observationSpace, observation);
          const asked = copyValue(observation);
          const action = policy.act(observation, actOptions);
          const taken = numbersOf(actionSpace, action);
          moments.push({ observation: numbers, action: taken, ...questions.ask(asked, action) });
          return action;
        },
      };
      const rewards = new Rewards(environment);
      const result = await evaluate({
        policy: watched,
        environment: rewards,
        episodes: 1,
        seed,
        deterministic: !stochastic,
        evalMaxSteps: evalMaxSteps ?? config.evalMaxSteps,
        ...watch,
      });
      pictures.push(draw());
      for (const notice of episodeNotices(result)) io.writeError(`warning: ${notice}\n`);
      const page = watchPage({
        title: `${config.agent.name} on ${config.environment.id}`,
        subtitle: `The policy of step ${step}, ${stochastic ? 'actions drawn' : 'its most likely actions'}, seed ${seed}`,
        moments,
        rewards: rewards.noted,
        pictures: await Promise.all(pictures),
        questions,
        observationSpace,
        actionSpace,
        actionNames: actionNamesOf(environment),
      });
      await writePage(resolvePath(io, html), page.text);
      return {
        html,
        bytes: Buffer.byteLength(page.text),
        step,
        return: result.returns[0]!,
        length: result.lengths[0]!,
        pictures: page.pictures,
        ...optionalFigures(result),
      };
    },
  );
}

/** The best checkpoint unless another is asked for; the newest where there was no evaluation. */
async function chosenCheckpoint(
  io: CommandContext['io'],
  run: StoredRun,
  { runDir, checkpoint }: WatchRunOptions,
) {
  const kept = (await run.bestStep()) === undefined ? 'newest' : 'best';
  return actingCheckpoint(io, run, { runDir, checkpoint: checkpoint ?? kept });
}

/** The number of a Discrete value, and otherwise the value's flat form. */
function numbersOf(space: Space<unknown>, value: unknown): number[] {
  if (typeof value === 'number') return [value];
  const flat = new Float64Array(space.flatSize);
  space.flattenInto(value, flat);
  return Array.from(flat);
}
