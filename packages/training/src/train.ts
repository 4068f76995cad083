import {
  copySnapshot,
  copyValue,
  type Evaluation,
  type Info,
  joinSnapshots,
  Rng,
  type RunEvent,
  type RunOutcome,
  type Snapshot,
  type StepResult,
  type UpdateResult,
} from '@maxent/core';
import {
  assertResumable,
  initialLoopState,
  type LoopState,
  makeActingCheckpoint,
  makeCheckpoint,
  restoreCheckpoint,
} from './checkpoint.js';
import { type EvaluationResult, evaluate } from './evaluate.js';
import { BlowUpWatch } from './loop/blow-up-watch.js';
import {
  assertFiniteAction,
  assertFiniteCheckpoint,
  assertFiniteMetrics,
  assertFiniteReturn,
  divergenceBehind,
} from './loop/finiteness.js';
import { guardOptions } from './loop/guard-options.js';
import { Interruption } from './loop/interruption.js';
import { Pacer } from './loop/pacer.js';
import { RateMeter } from './loop/rate-meter.js';
import {
  type Evaluator,
  type TrainOptions,
  type TrainResult,
  validateTrainOptions,
} from './loop/train-options.js';
import type { CheckpointTest, RunRow } from './run-storage.js';
import { shareStatistics, statisticsLost } from './statistics.js';

const PROGRESS_MILLISECONDS = 250;

/**
 * Trains an agent: per environment step one action, one observed transition and one call of `agent.update()`, with
 * evaluation episodes, metrics rows and checkpoints at their intervals. Episode k of training and episode k of the
 * evaluation at step S start from seeds that depend only on the run's seed, k and S, so a resumed run gives the same
 * numbers as one that was never stopped.
 *
 * Resuming with more steps lengthens a run, to the same numbers as if it had been that long from the start. The
 * metrics row and evaluation that the old last step got beside the intervals are then dropped.
 *
 * Running statistics of wrappers around the environment are kept with the checkpoint and given, frozen, to the
 * evaluation environment. Returns are sums of rewards as the environment's author gives them; where a wrapper changed
 * rewards for the learner, sums of the changed ones are reported too, as transformed returns.
 *
 * An environment without `getState` is checkpointed between episodes only: a checkpoint that falls due waits for the end
 * of the episode, which is said once, and so does an interruption, for two seconds; then the episode is cut off. The last step does not wait; a longer run that goes on from there
 * begins the episode again that the old end had cut off, and so differs from one that was that long from the start.
 *
 * Unless `check` is false, the first episodes of every environment are looked at closely; see `Watch`.
 *
 * Throws InvalidInputError for an option that is not usable, EnvironmentFaultError for an environment and AgentFaultError
 * for an agent that breaks its contract or throws, DivergenceError for a metric, an action or a number of the agent's state that is not finite, and what
 * the storage throws. Rows that were logged by then are stored. A state that is not finite is never stored, and one that
 * is finite but beyond 1e15 is warned of once.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  validateTrainOptions(options);
  return new TrainingRun(options).run();
}

class TrainingRun {
  private loop: LoopState = initialLoopState();
  private observation: unknown;
  private readonly trainingStarts: Rng;
  private readonly evaluationSeeds: Rng;
  private readonly rows: RunRow[] = [];
  private readonly pacer = new Pacer();
  private readonly rate = new RateMeter();
  private readonly interruption: Interruption;
  private readonly blowUp = new BlowUpWatch((message) => this.warn(message));
  private readonly said = new Set<string>();
  private lastUpdate: UpdateResult | undefined;
  private lastCheckpointStep = -1;
  private lastProgress = Number.NEGATIVE_INFINITY;
  private lastLog = { step: 0, at: 0 };
  private session = { step: 0, startedAt: 0, wallSecondsBefore: 0 };

  private readonly options: TrainOptions;

  constructor(options: TrainOptions) {
    this.options = guardOptions(options, {
      step: () => this.loop.step,
      episodes: () => this.loop.episodes,
      warn: (message) => this.warn(message),
    });
    const root = Rng.fromSeed(options.seed).split('training');
    this.trainingStarts = root.split('episode');
    this.evaluationSeeds = root.split('evaluation');
    this.interruption = new Interruption(options.signal);
  }

  async run(): Promise<TrainResult> {
    try {
      await this.begin();
      // An evaluation that an interruption cut short is repeated before anything else.
      if (this.evaluationDue) await this.evaluate();
      let outcome = this.outcome();
      while (outcome === undefined) {
        this.step();
        if (this.loop.step % this.options.logEvery === 0) this.log();
        if (this.evaluationDue) await this.evaluate();
        if (this.checkpointDue) await this.checkpointWherePossible();
        if (this.pacer.due) await this.breathe();
        outcome = this.outcome();
      }
      if (this.lastCheckpointStep !== this.loop.step) await this.checkpoint();
      if (outcome === 'completed') outcome = await this.conclude();
      await this.flush();
      return this.finish(outcome);
    } catch (error) {
      // The error that stopped the run matters more than one from storing the rows before it.
      await this.flush().catch(() => undefined);
      throw error;
    }
  }

  private async begin(): Promise<void> {
    const { evaluationEnvironment, storage, resume } = this.options;
    const test: CheckpointTest = (checkpoint) => assertResumable(this.options, checkpoint);
    const stored = resume === true ? await storage?.latestCheckpoint(test) : undefined;
    // Before `setState` too: an environment may hold nothing to set before its first reset.
    evaluationEnvironment?.reset({ seed: this.evaluationSeeds.split(0).uint32() });
    this.resetEnvironment();
    if (stored !== undefined) this.restore(stored.snapshot);
    const { step, rows, wallSeconds } = this.loop;
    const rewound = resume === true ? await storage?.rewind(step, rows, this.best?.step) : undefined;
    this.loop.rows = rewound?.rows ?? rows;
    if (stored !== undefined) this.lastCheckpointStep = step;
    const startedAt = performance.now();
    this.session = { step, startedAt, wallSecondsBefore: wallSeconds };
    this.lastLog = { step, at: startedAt };
    this.rate.mark(step);
    this.emit({ type: 'start', step, totalSteps: this.options.steps, resumed: stored !== undefined });
    for (const message of [...(stored?.warnings ?? []), ...(rewound?.warnings ?? [])]) this.warn(message);
    if (stored !== undefined && statisticsLost(this.options.environment, stored.snapshot)) {
      this.warn(
        'the checkpoint is from before running statistics were stored: those of the environment begin anew, so what the ' +
          'agent observes changes for a while.',
      );
    }
  }

  private restore(checkpoint: Snapshot): void {
    const { loop, observation } = restoreCheckpoint(this.options, checkpoint);
    this.loop = loop;
    if (this.options.environment.getState !== undefined) {
      this.observation = observation;
      return;
    }
    // Without its state, the environment starts the episode again that it was about to begin. Only a run that was
    // already finished can have stopped in the middle of one.
    const within = loop.episodeLength > 0;
    const statistics = this.options.environment.getStatistics?.();
    loop.episodeReturn = 0;
    delete loop.transformedReturn;
    loop.episodeLength = 0;
    this.resetEnvironment();
    if (statistics === undefined || within) return;
    // This reset was counted when the checkpoint was made.
    this.options.environment.setStatistics?.(statistics);
    this.observation = observation;
  }

  private resetEnvironment(): void {
    const seed = this.trainingStarts.split(this.loop.episodes).uint32();
    this.observation = copyValue(this.options.environment.reset({ seed }).observation);
  }

  private step(): void {
    try {
      this.learnFromStep();
    } catch (error) {
      throw divergenceBehind(error, this.options.agent, `environment step ${this.loop.step}`);
    }
  }

  /** One environment step with everything that learning does about it. */
  private learnFromStep(): void {
    const { agent, environment } = this.options;
    const { loop, observation } = this;
    const action = agent.act(observation, { deterministic: false });
    assertFiniteAction(action, `environment step ${loop.step + 1}`);
    // What the agent is told must be what it saw and did, even when the environment writes over its arrays.
    const taken = copyValue(action);
    const result = environment.step(action);
    loop.step += 1;
    const { reward, observation: nextObservation, terminated, duration, info } = result;
    const truncated = result.truncated || (!terminated && this.mustCutEpisode);
    const transition = { observation, action: taken, reward, nextObservation, terminated, truncated, info };
    agent.observe(duration === undefined ? transition : { ...transition, duration });
    const update = agent.update();
    if (update.gradientSteps > 0) {
      if (loop.updates === 0) this.rate.restart(loop.step);
      loop.updates += update.gradientSteps;
      this.lastUpdate = update;
    }
    this.count(result);
    this.noteInstability(info);
    this.observation = copyValue(nextObservation);
    if (terminated || truncated) this.endEpisode(terminated);
  }

  private count({ reward, originalReward }: StepResult<unknown>): void {
    const { loop } = this;
    if (originalReward !== undefined || loop.transformedReturn !== undefined) {
      loop.transformedReturn = (loop.transformedReturn ?? loop.episodeReturn) + reward;
    }
    loop.episodeReturn += originalReward ?? reward;
    loop.episodeLength += 1;
    assertFiniteReturn(loop.episodeReturn, `environment step ${loop.step}`);
  }

  /** `info.instability` is the reason for which a simulation could not go on. */
  private noteInstability(info: Info | undefined): void {
    const instability = info?.instability;
    if (instability === undefined) return;
    this.warnOnce(
      'instability',
      `the simulation became unstable at environment step ${this.loop.step} (${String(instability)}), and the episode was ` +
        'ended there as truncated. Later ones are not told of. Smaller actions or a smaller time step help.',
    );
  }

  /** Whether an interruption has waited long enough for the end of an episode that cannot be checkpointed. */
  private get mustCutEpisode(): boolean {
    if (!this.interruption.overdue || this.canContinueWithinEpisode) return false;
    this.warn(
      'the episode did not end within two seconds of the interruption, and the environment has no getState: it was cut ' +
        `off at step ${this.loop.step}, as by a time limit. The run goes on with the next episode, so its numbers will differ ` +
        'from those of an uninterrupted one.',
    );
    return true;
  }

  private endEpisode(terminated: boolean): void {
    const { loop } = this;
    const { transformedReturn } = loop;
    const ended = {
      step: loop.step,
      return: loop.episodeReturn,
      ...(transformedReturn !== undefined && { transformedReturn }),
      length: loop.episodeLength,
      terminated,
    };
    this.rows.push({ type: 'episode', ...ended, wallSeconds: this.wallSeconds });
    const { window } = loop;
    if (transformedReturn !== undefined || window.transformedReturnSum !== undefined) {
      window.transformedReturnSum =
        (window.transformedReturnSum ?? window.returnSum) + (transformedReturn ?? ended.return);
    }
    window.episodes += 1;
    window.returnSum += ended.return;
    window.lengthSum += ended.length;
    loop.episodes += 1;
    loop.episodeReturn = 0;
    delete loop.transformedReturn;
    loop.episodeLength = 0;
    this.resetEnvironment();
    this.emit({ type: 'episode', ...ended });
  }

  private log(): void {
    this.readMetrics();
    const { step, updates, metrics, window } = this.loop;
    const values = {
      ...metrics,
      episodes: window.episodes,
      ...(window.episodes > 0 && {
        episodeReturn: window.returnSum / window.episodes,
        ...(window.transformedReturnSum !== undefined && {
          episodeTransformedReturn: window.transformedReturnSum / window.episodes,
        }),
        episodeLength: window.lengthSum / window.episodes,
      }),
    };
    this.loop.window = { episodes: 0, returnSum: 0, lengthSum: 0 };
    const at = performance.now();
    const stepsPerSecond = perSecond(step - this.lastLog.step, at - this.lastLog.at);
    this.lastLog = { step, at };
    this.rows.push({ type: 'metrics', step, updates, values, wallSeconds: this.wallSeconds, stepsPerSecond });
    this.emit({ type: 'metrics', step, updates, values });
  }

  /** Fetches the last update's metrics, which may cost a copy from the device, and checks them. */
  private readMetrics(): void {
    if (this.lastUpdate === undefined) return;
    this.loop.metrics = this.lastUpdate.metrics();
    this.lastUpdate = undefined;
    assertFiniteMetrics(this.loop.metrics, this.loop.step);
    this.blowUp.checkMetrics(this.loop.metrics, this.loop.step);
  }

  private get evaluationDue(): boolean {
    const { step } = this.loop;
    return step > 0 && step % this.options.evaluation.every === 0 && !this.evaluatedHere;
  }

  private get evaluatedHere(): boolean {
    return this.loop.evaluations.at(-1)?.step === this.loop.step;
  }

  private async evaluate(): Promise<void> {
    const { agent, environment, evaluationEnvironment, evaluator, signal } = this.options;
    const { step } = this.loop;
    if (evaluationEnvironment !== undefined) shareStatistics(environment, [evaluationEnvironment]);
    const stateBefore = evaluationEnvironment?.getState?.();
    const restorable = stateBefore && copySnapshot(stateBefore);
    const work = (stop: AbortSignal | undefined): Promise<EvaluationResult> => {
      const request = { seed: this.evaluationSeeds.split(step).uint32(), ...(stop && { signal: stop }) };
      return evaluator === undefined ? this.runEpisodes(request) : evaluator(request);
    };
    try {
      const result = await (this.resumableHere ? work(signal) : this.interruption.patiently(work));
      await this.recordEvaluation({ step, ...result });
    } catch (error) {
      if (signal?.aborted !== true || error !== signal.reason) {
        throw divergenceBehind(error, agent, `the evaluation at environment step ${step}`);
      }
      // Cut short: the checkpoint must not hold the traces of half an evaluation.
      if (restorable !== undefined) evaluationEnvironment?.setState?.(restorable);
      if (!this.resumableHere && step < this.options.steps) {
        this.warn(
          `the evaluation at step ${step} did not end within two seconds of the interruption and is left out.`,
        );
      }
    }
  }

  private runEpisodes(request: Parameters<Evaluator>[0]): Promise<EvaluationResult> {
    const { agent, evaluationEnvironment, evaluation, evalMaxSteps } = this.options;
    return evaluate({
      ...request,
      policy: agent,
      environment: evaluationEnvironment!,
      episodes: evaluation.episodes,
      deterministic: true,
      evalMaxSteps,
    });
  }

  private async recordEvaluation(evaluation: Evaluation): Promise<void> {
    const better = !(evaluation.returnMean <= (this.best?.returnMean ?? Number.NEGATIVE_INFINITY));
    this.loop.evaluations.push(evaluation);
    this.rows.push({ type: 'evaluation', ...evaluation, wallSeconds: this.wallSeconds });
    this.emit({ type: 'evaluation', evaluation });
    const { cutEpisodes = 0, lengths } = evaluation;
    if (cutEpisodes > 0) {
      this.warnOnce(
        'cut',
        `evaluation episodes that had not ended after ${Math.max(...lengths)} steps were cut: ${cutEpisodes} at step ` +
          `${evaluation.step}. Their returns are those of the steps taken. Set another bound with evalMaxSteps ` +
          '(--eval-max-steps), or give the environment a time limit.',
      );
    }
    if (better) await this.keepBest(evaluation.step);
  }

  private async keepBest(step: number): Promise<void> {
    const { storage } = this.options;
    if (storage === undefined) return;
    // As for a checkpoint: what has diverged is kept nowhere.
    this.readMetrics();
    const best = makeActingCheckpoint(this.options);
    assertFiniteCheckpoint(best, step, this.keptCheckpoint);
    await storage.saveBest(step, best);
  }

  /** The evaluation with the highest mean; of equal ones, the first. */
  private get best(): Evaluation | undefined {
    const [first, ...others] = this.loop.evaluations;
    return others.reduce((best, other) => (other.returnMean > best!.returnMean ? other : best), first);
  }

  /** Whether a checkpoint made at this moment can be continued exactly. */
  private get resumableHere(): boolean {
    return this.canContinueWithinEpisode || this.loop.episodeLength === 0;
  }

  private get canContinueWithinEpisode(): boolean {
    return this.options.storage === undefined || this.options.environment.getState !== undefined;
  }

  private get checkpointDue(): boolean {
    const { checkpointEvery } = this.options;
    const intervals = (step: number) => Math.floor(Math.max(step, 0) / checkpointEvery);
    return intervals(this.loop.step) > intervals(this.lastCheckpointStep);
  }

  private async checkpointWherePossible(): Promise<void> {
    if (this.resumableHere) return this.checkpoint();
    this.warnOnce(
      'waiting',
      `a checkpoint was due at step ${this.loop.step} and waits for the end of the episode: the environment has no ` +
        'getState, so a run can only be continued between episodes. Until then, work is lost if the process is killed. ' +
        'Give the environment getState and setState, or a time limit.',
    );
  }

  private async checkpoint(): Promise<void> {
    const { storage, agent } = this.options;
    // A state that has diverged must not take the place of a good checkpoint.
    this.readMetrics();
    await this.flush();
    this.loop.wallSeconds = this.wallSeconds;
    const { step } = this.loop;
    const checkpoint =
      storage === undefined
        ? joinSnapshots({ agent: agent.save() })
        : makeCheckpoint(this.options, this.loop, this.observation);
    assertFiniteCheckpoint(checkpoint, step, this.keptCheckpoint);
    this.blowUp.checkAgent(checkpoint, step);
    await storage?.saveCheckpoint(step, checkpoint);
    this.lastCheckpointStep = step;
    if (storage !== undefined) this.emit({ type: 'checkpoint', step });
  }

  /** What there is to go back to, as a sentence. */
  private get keptCheckpoint(): string {
    if (this.options.storage === undefined || this.lastCheckpointStep < 0)
      return 'There is no checkpoint before.';
    return `The checkpoint of step ${this.lastCheckpointStep} is the last good one, and it stays.`;
  }

  /**
   * The metrics row and evaluation of a last step that the intervals pass over. They come after the last checkpoint,
   * so a run that is lengthened goes on as if they had never been; resuming without more steps repeats them.
   */
  private async conclude(): Promise<RunOutcome> {
    if (this.loop.step % this.options.logEvery !== 0) this.log();
    if (!this.evaluatedHere) await this.evaluate();
    if (!this.evaluatedHere) return 'interrupted';
    return this.solved ? 'solved' : 'completed';
  }

  private outcome(): RunOutcome | undefined {
    const { steps } = this.options;
    const interrupted = this.interruption.requested && this.resumableHere;
    if (this.evaluationDue && interrupted) return 'interrupted';
    if (this.solved) return 'solved';
    if (this.loop.step >= steps) return 'completed';
    return interrupted ? 'interrupted' : undefined;
  }

  private get solved(): boolean {
    const { stopWhen } = this.options.evaluation;
    if (stopWhen === undefined) return false;
    const last = this.loop.evaluations.slice(-stopWhen.consecutive);
    return (
      last.length === stopWhen.consecutive &&
      last.every(({ returnMean }) => returnMean >= stopWhen.returnAtLeast)
    );
  }

  /** Gives the event loop a turn, stores rows and reports progress. */
  private async breathe(): Promise<void> {
    await this.flush();
    await this.pacer.pause();
    const now = performance.now();
    if (now - this.lastProgress < PROGRESS_MILLISECONDS) return;
    this.lastProgress = now;
    this.emitProgress();
  }

  private emitProgress(): void {
    const { step, updates } = this.loop;
    const stepsPerSecond = this.rate.mark(step);
    this.emit({ type: 'progress', step, totalSteps: this.options.steps, updates, stepsPerSecond });
  }

  private async flush(): Promise<void> {
    const rows = this.rows.splice(0);
    if (rows.length === 0) return;
    await this.options.storage?.append(rows);
    this.loop.rows += rows.length;
  }

  private finish(outcome: RunOutcome): TrainResult {
    const { step, updates, evaluations } = this.loop;
    this.emitProgress();
    this.emit({ type: 'end', step, updates, outcome });
    const milliseconds = performance.now() - this.session.startedAt;
    const stepsPerSecond = perSecond(step - this.session.step, milliseconds);
    return { steps: step, updates, stepsPerSecond, evaluations, outcome };
  }

  private get wallSeconds(): number {
    return this.session.wallSecondsBefore + (performance.now() - this.session.startedAt) / 1000;
  }

  private warnOnce(key: string, message: string): void {
    if (this.said.has(key)) return;
    this.said.add(key);
    this.warn(message);
  }

  private warn(message: string): void {
    this.emit({ type: 'warning', step: this.loop.step, message });
  }

  private emit(event: RunEvent): void {
    for (const listener of this.options.listeners ?? []) listener(event);
  }
}

function perSecond(steps: number, milliseconds: number): number {
  return milliseconds > 0 ? (steps / milliseconds) * 1000 : 0;
}
