import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackendName, selectBackend } from '@maxent/backend';
import { InvalidInputError } from '@maxent/core';
import { isFlowAgent, type Level, LevelStack } from '@maxent/hierarchy';
import { agentSnapshot, type EvaluationRow } from '@maxent/training';
import { readRun, writeLearningCurveSvg } from '@maxent/training/node';
import type { TrainAnswer } from '../answers/train.js';
import type { CommandContext } from '../command.js';
import { parseJson } from '../input/parse-json.js';
import { readText } from '../input/read-text.js';
import { resolvePath } from '../paths.js';
import { evaluationAnswers } from './evaluation-answers.js';
import { type PlannedLevel, readLevelPlan } from './level-plan.js';
import { readLevelsBelow } from './levels-below.js';
import { makeRunAgent, makeRunEnvironment } from './make-run.js';
import type { RunRequest } from './run-config.js';
import { trainRun } from './train-run.js';

export interface TrainLevelsOptions {
  readonly request: RunRequest;
  /** `--levels`; when resuming, default the plan that the directory holds. */
  readonly levels: string | undefined;
  /** Directory of the hierarchy, as the caller wrote it; level i runs in `level-i` below it. */
  readonly out: string;
  readonly resume: boolean;
  readonly backend?: BackendName | 'auto' | undefined;
  /** Threads of the native backend. */
  readonly threads?: number | undefined;
}

const PLAN = 'levels.json';

/** Whether a directory holds a hierarchy. */
export function holdsLevels(directory: string): boolean {
  return existsSync(join(directory, PLAN));
}

/**
 * Algorithm 1 of Haarnoja et al. 2018 with a run directory for each level: trains a level, freezes it, and lets its
 * latents be the actions of the next. Draws the learning curves of all levels on one axis. When resuming, a level that
 * another one stands on already is left as it is.
 */
export async function trainLevels(
  options: TrainLevelsOptions,
  context: CommandContext,
): Promise<TrainAnswer> {
  const { out, resume, backend, threads } = options;
  const directory = resolvePath(context.io, out);
  const plan = await planOf(options, directory, context);
  const runs = plan.map((_, i) => join(out, `level-${i}`));
  const started = (i: number) =>
    i < runs.length && existsSync(join(resolvePath(context.io, runs[i]!), 'config.json'));
  let stack = new LevelStack();
  let last: TrainAnswer | undefined;
  try {
    for (const [i, { request, belowSee }] of plan.entries()) {
      if (resume && started(i + 1)) continue;
      if (i > 0) {
        stack.dispose();
        stack = await frozenStack(resolvePath(context.io, runs[i - 1]!), context, options);
      }
      context.io.writeError(`level ${i} of ${plan.length}: ${request.steps} steps in ${runs[i]}\n`);
      last = await trainRun(
        {
          request,
          out: runs[i]!,
          resume: resume && started(i),
          below: resume && started(i) ? undefined : belowSee === undefined ? stack : stack.seeing(belowSee),
          backend,
          threads,
        },
        context,
      );
      if (last.outcome === 'interrupted') break;
    }
  } finally {
    stack.dispose();
  }
  return summarise(
    out,
    directory,
    runs.filter((_, i) => started(i)),
    last!,
    context,
  );
}

/** The plan, kept in the directory so that resuming needs no more words. */
async function planOf(
  { request, levels, resume }: TrainLevelsOptions,
  directory: string,
  { io }: CommandContext,
): Promise<PlannedLevel[]> {
  const file = join(directory, PLAN);
  if (levels === undefined) {
    const { agent: _, set, envSet, level: __, ...scalars } = request;
    if (set.length + envSet.length > 0 || Object.values(scalars).some((value) => value !== undefined)) {
      throw new InvalidInputError(
        '--levels',
        'is required where settings are given: repeat the command that started the hierarchy, with --resume',
      );
    }
    return parseJson(await readText(io, file, '--out'), file, '--out') as PlannedLevel[];
  }
  const plan = await readLevelPlan(io, levels, request);
  if (!resume && existsSync(file)) {
    throw new InvalidInputError(
      '--out',
      `"${directory}" holds a hierarchy already (${PLAN}); continue it with --resume, or choose another directory`,
    );
  }
  await mkdir(directory, { recursive: true });
  await writeFile(file, `${JSON.stringify(plan, null, 2)}\n`);
  return plan;
}

/** The levels that a finished run stands on, and its own policy, frozen. */
async function frozenStack(
  directory: string,
  { plugins }: CommandContext,
  { backend, threads }: TrainLevelsOptions,
): Promise<LevelStack> {
  const run = await readRun(directory);
  const { registry } = await plugins(run.config.plugins);
  await selectBackend({ prefer: backend ?? (run.config.backend as BackendName), threads });
  const below = (await readLevelsBelow(directory, run.config)) ?? new LevelStack();
  const environment = await makeRunEnvironment(registry, run.config, below, 'evaluation');
  const agent = await makeRunAgent(registry, run.config, environment);
  try {
    if (!isFlowAgent(agent)) {
      throw new InvalidInputError(
        'AGENT',
        `--levels needs an agent that trains a flow policy, such as lsp, not ${run.config.agent.name}`,
      );
    }
    const checkpoint = await run.latestCheckpoint();
    if (checkpoint === undefined) throw new InvalidInputError('--out', `"${directory}" holds no checkpoint`);
    agent.load(agentSnapshot(checkpoint.snapshot));
    const { sees, every } = run.config.level!;
    return below.with({ policy: agent.freeze(), sees, every } satisfies Level);
  } finally {
    agent.dispose();
    environment.close();
  }
}

async function summarise(
  out: string,
  directory: string,
  runs: readonly string[],
  last: TrainAnswer,
  { io }: CommandContext,
): Promise<TrainAnswer> {
  const curve = join(directory, 'levels.svg');
  let stepsBefore = 0;
  let updates = 0;
  const levels: NonNullable<TrainAnswer['levels']> = [];
  const curves: { label: string; runs: EvaluationRow[][] }[] = [];
  for (const [i, runDir] of runs.entries()) {
    const { rows } = await (await readRun(resolvePath(io, runDir))).readRows();
    const evaluations = rows
      .filter((row) => row.type === 'evaluation')
      .map((row) => ({ ...row, step: row.step + stepsBefore }));
    const metrics = rows.filter((row) => row.type === 'metrics').at(-1);
    const steps = Math.max(0, ...rows.map(({ step }) => step));
    levels.push({ runDir, steps });
    curves.push({ label: `level ${i}`, runs: [evaluations] });
    stepsBefore += steps;
    updates += metrics?.updates ?? 0;
  }
  await writeLearningCurveSvg(curves, curve, { title: 'Evaluation return, level after level' });
  return {
    ...last,
    runDir: out,
    steps: stepsBefore,
    updates,
    evaluations: curves.flatMap(({ runs: [evaluations] }) => evaluationAnswers(evaluations!)),
    levels,
    curve,
  };
}
