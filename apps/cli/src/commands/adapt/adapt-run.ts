import { selectBackend } from '@maxent/backend';
import {
  type Belief,
  type Environment,
  guardEnvironment,
  guardMetaAgent,
  InvalidInputError,
  Rng,
  requireTask,
  showValue,
  type Transition,
} from '@maxent/core';
import { completeRunConfig, type FamilyRun, makeFamilyRun, sharedTasksNotice } from '@maxent/library/runs';
import { evaluateAdaptation, loadAgent, restoreStatistics } from '@maxent/training';
import { draw } from '../../figures/draw.js';
import type { DrawRequest } from '../../figures/draw-options.js';
import { parseJson } from '../../input/parse-json.js';
import { formatCounted } from '../../output/format-number.js';
import { actingCheckpoint } from '../../runs/acting-checkpoint.js';
import { episodeNotices } from '../../runs/episode-notices.js';
import { EpisodeProgress } from '../../runs/episode-progress.js';
import { pluginRun } from '../../runs/plugin-run.js';
import { readNamedRun } from '../../runs/run-directory.js';
import { watchOf } from '../../runs/watch.js';
import type { ActingOptions } from '../acting-run.js';
import type { CommandContext } from '../command.js';
import type { AdaptAnswer } from './answer.js';
import { adaptationDrawable } from './drawable.js';
import { beliefPath } from './figures.js';
import { planeOf } from './plane.js';

export interface AdaptRunOptions extends ActingOptions, DrawRequest {
  readonly task: string;
  readonly episodes?: number | undefined;
  readonly exploration?: number | undefined;
}

/** Lets the agent of a run's checkpoint adapt to one task. */
export async function adaptRun(
  options: AdaptRunOptions,
  { io, events, runPlugins }: CommandContext,
): Promise<{ readonly answer: AdaptAnswer; readonly drawing?: string }> {
  const { runDir, checkpoint, seed, stochastic, plot, html, backend, kernels } = options;
  const run = await readNamedRun(io, runDir);
  if (!run.config.family) {
    throw new InvalidInputError(
      'runDir',
      `"${runDir}" is a run in ${run.config.environment.id}, not over a task family; use maxent eval`,
    );
  }
  const stored = await actingCheckpoint(io, run, { runDir, checkpoint });
  const { registry } = await runPlugins({ runs: [pluginRun(run)] });
  const config = completeRunConfig(run.config, registry);
  const chosen = await selectBackend({ prefer: backend, askedBy: '--backend', kernels });
  const watch = watchOf(io, options.noCheck);
  const made = await makeFamilyRun(registry, config, watch);
  const { family } = made;
  let environment: Environment | undefined;
  try {
    loadAgent(made.agent, stored.snapshot);
    const task = chooseTask(options.task, made);
    const notice = options.task.startsWith('test:') ? sharedTasksNotice(made) : undefined;
    if (notice !== undefined) io.writeError(`note: ${notice}\n`);
    environment = guardEnvironment(await family.create(task), watch);
    restoreStatistics(environment, stored.snapshot);
    const { observationSpace, actionSpace } = environment;
    const agent = guardMetaAgent(made.agent, { observationSpace, actionSpace, ...watch });
    const descriptor = family.descriptor(task);
    const evalMaxSteps = options.evalMaxSteps ?? config.evalMaxSteps ?? family.maxEpisodeSteps;
    const episodes = options.episodes ?? config.evaluation.episodes;
    const explorationEpisodes = options.exploration ?? Math.min(made.explorationEpisodes, episodes);
    const transitions: Transition[][] = Array.from({ length: episodes }, () => []);
    const succeeded = family.succeeded?.bind(family);
    events?.write({
      type: 'start',
      runDir,
      agent: config.agent.name,
      family: config.environment.id,
      backend: chosen.name,
      step: stored.step,
      totalEpisodes: episodes,
    });
    const progress = new EpisodeProgress({ io, events }, episodes);
    const [result] = await evaluateAdaptation({
      agent,
      tasks: [{ environment, descriptor }],
      episodes,
      explorationEpisodes,
      seed,
      deterministic: !stochastic,
      evalMaxSteps,
      onTransition: (transition, episode) => transitions[episode]!.push(transition),
      onEpisode: progress.onEpisode,
      ...(succeeded && { succeeded }),
    }).finally(() => progress.end());
    const input = config.agent.config.taskInput;
    const { returns, lengths, successes, beliefs } = result!;
    const unstable = result!.episodes.map(({ info }) => info?.instability !== undefined);
    const cutEpisodes = result!.episodes.filter(({ cut }) => cut).length;
    const unstableEpisodes = unstable.filter(Boolean).length;
    for (const ending of episodeNotices({ lengths, cutEpisodes, unstableEpisodes })) {
      io.writeError(`warning: ${ending}\n`);
    }
    const answer: AdaptAnswer = {
      family: config.environment.id,
      task: task as Record<string, unknown>,
      step: stored.step,
      explorationEpisodes,
      episodes: returns.map((value, i) => ({
        latentFrom:
          input === 'told' || input === 'none' ? input : i < explorationEpisodes ? 'prior' : 'belief',
        return: value,
        length: lengths[i]!,
        ...(result!.episodes[i]!.cut && { cut: true }),
        ...(unstable[i] && { unstable: true }),
        ...(successes && { success: successes[i]! }),
        ...(beliefs && { belief: meanAndDeviation(beliefs[i]!) }),
      })),
    };
    if (!plot && html === undefined) return { answer };
    const episodesSeen = { descriptor, episodes: transitions };
    const plane = planeOf({ agent, environment, ...episodesSeen, maxSteps: evalMaxSteps, seed });
    const path = beliefPath(agent, { ...episodesSeen, rng: Rng.fromSeed(seed).split('belief path') });
    const drawn = await draw({ plot, html }, adaptationDrawable(answer, path, plane), io);
    return { answer: { ...answer, ...(html !== undefined && { page: html }) }, ...drawn };
  } finally {
    environment?.close();
    made.agent.dispose();
  }
}

function meanAndDeviation({ mean, variance }: Belief) {
  return { mean: [...mean], deviation: variance.map(Math.sqrt) };
}

/** `test:K`, `train:K`, or JSON. */
function chooseTask(text: string, { split, family }: Pick<FamilyRun, 'split' | 'family'>): unknown {
  const named = /^(train|test):(\d+)$/.exec(text);
  if (named === null) {
    const task = /^\s*\{/.test(text) ? parseJson(text, '--task', '--task') : undefined;
    if (task === undefined) {
      throw new InvalidInputError(
        '--task',
        `expected test:K, train:K or a JSON object, got ${showValue(text)}`,
      );
    }
    requireTask(family, task, '--task');
    return task;
  }
  const tasks = split[named[1] as 'train' | 'test'];
  const task = tasks[Number(named[2])];
  if (task !== undefined) return task;
  throw new InvalidInputError(
    '--task',
    `there ${tasks.length === 1 ? 'is' : 'are'} ${formatCounted(tasks.length, `${named[1]} task`)}, from 0 on; got ${showValue(text)}`,
  );
}
