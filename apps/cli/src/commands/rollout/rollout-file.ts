import { guardEnvironment, parseUnknown } from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import { readSettings } from '../../arguments/settings.js';
import { readText } from '../../input/read-text.js';
import { requireInferenceMemory } from '../../models/inference-memory.js';
import { watchOf } from '../../runs/watch.js';
import type { CommandContext } from '../command.js';
import type { RolloutAnswer } from './answer.js';
import { readAction } from './read-action.js';
import { rollOut } from './roll-out.js';
import { readRolloutInput } from './rollout-input.js';
import { setState } from './set-state.js';

const ADVICE =
  'If its state or actions are large, that may be an overflow: give smaller ones; otherwise correct the environment.';

/** Reward, flags and the usual content of an info. */
const NUMBERS_PER_STEP = 16;

export interface RolloutFileOptions {
  readonly env: string;
  /** Path of the file, or `-` for standard input. */
  readonly input: string;
  readonly envSet: readonly string[];
  /** Skips the closer check of the episode. */
  readonly noCheck: boolean;
}

/** Runs an environment as a file says, with the environment's time limit. */
export async function rolloutFile(
  { env, input, envSet, noCheck }: RolloutFileOptions,
  { io, plugins }: CommandContext,
): Promise<RolloutAnswer> {
  const { registry } = await plugins();
  const definition = registry.environment(env);
  const settings = readSettings(envSet, definition.options, 'environment', '--env-set');
  const options = parseUnknown(definition.options, settings, 'environment');
  const { seed, state, actions } = readRolloutInput(await readText(io, input, '--input'), input);
  const environment = guardEnvironment(await makeEnvironment(definition, options), {
    ...watchOf(io, noCheck),
    infinite: true,
    advice: ADVICE,
  });
  try {
    const { observation } = environment.reset(seed === undefined ? {} : { seed });
    const start = state === undefined ? observation : setState(environment, state);
    const { actionSpace, observationSpace } = environment;
    const steps = Math.min(actions.length, definition.maxEpisodeSteps ?? Number.POSITIVE_INFINITY);
    requireInferenceMemory({
      field: 'actions',
      what: `${steps} steps with ${observationSpace}`,
      read: actions.length * actionSpace.flatSize,
      worked: 0,
      answered: (steps + 1) * (observationSpace.flatSize + NUMBERS_PER_STEP),
      arrays: 2 * (steps + 1),
    });
    const read = actions.map((action, index) => readAction(actionSpace, action, `actions[${index}]`));
    return rollOut(environment, start, read);
  } finally {
    environment.close();
  }
}
