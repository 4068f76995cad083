import {
  copyValue,
  type Evaluation,
  type Info,
  Rng,
  type RunOutcome,
  type Snapshot,
  type UpdateResult,
} from '@maxent/core';
import { otherRounding } from './arithmetic.js';
import { assertResumable, initialLoopState, type LoopState, restoreCheckpoint } from './checkpoint.js';
import { BlowUpWatch } from './loop/blow-up-watch.js';
import { CheckpointKeeper } from './loop/checkpoint-keeper.js';
import { beginEpisode, countStep, finishEpisode, takeWindow } from './loop/episode-account.js';
import { bestEvaluation, isSolved } from './loop/evaluation-history.js';
import { assertFiniteAction, assertFiniteMetrics, divergenceBehind, endingIn } from './loop/finiteness.js';
import { type GuardedOptions, guardOptions } from './loop/guard-options.js';
import { Interruption } from './loop/interruption.js';
import { Pacer } from './loop/pacer.js';
import { RateMeter } from './loop/rate-meter.js';
import { RunClock } from './loop/run-clock.js';
import { runEvaluation } from './loop/run-evaluation.js';
import { RunMessages } from './loop/run-messages.js';
import { type TrainOptions, type TrainResult, validateTrainOptions } from './loop/train-options.js';
import * as warnings from './loop/warnings.js';
import type { CheckpointTest, RunRow } from './run-storage.js';
import { statisticsHidden, statisticsLost } from './statistics.js';

const PROGRESS_MILLISECONDS = 250;

/**
 * Trains an agent: per environment step one action, one observed transition and one call of `agent.update()`, with
 * evaluation episodes, metrics rows and checkpoints at their intervals. Episode k of training and episode k of the
 * evaluation at step S start from seeds that depend only on the run's seed, k and S, so a resumed run gives the same
 * numbers as one that was never stopped.
 *
 * Resuming with more steps lengthens a run, with the same numbers as if it had been that long from the start. The
 * metrics row and the evaluation that the old last step got outside the intervals are then dropped.
 *
 * Running statistics of wrappers around the environment are kept with the checkpoint and shared, frozen, with the
 * evaluation environment. Returns are sums of the environment's own rewards; if a wrapper changed rewards for the
 * learner, sums of the changed ones are reported too, as transformed returns.
 *
 * An environment without `getState` is checkpointed between episodes only. A checkpoint that is due waits for the end
 * of the episode, and a warning says so once. An interruption also waits, for two seconds; then the episode is cut off.
 * The last step does not wait: a longer run that continues from there starts the cut-off episode again, and so differs
 * from one that was that long from the start.
 *
 * Unless `check` is false, the first episodes of every environment are checked closely; see `Watch`.
 *
 * Throws InvalidInputError for an unusable option, EnvironmentFaultError if an environment and AgentFaultError if an
 * agent breaks its contract or throws, DivergenceError if a metric, an action or a number in the agent's state is not
 * finite, and what the storage throws. Rows that were logged by then are stored. A state that is not finite is never
 * stored; a finite one beyond 1e15 causes one warning.
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
  private readonly messages: RunMessages;
  private readonly blowUp: BlowUpWatch;
  private readonly checkpoints: CheckpointKeeper;
  private readonly clock = new RunClock();
  private lastUpdate: UpdateResult | undefined;
  private lastProgress = Number.NEGATIVE_INFINITY;
  private readonly options: GuardedOptions;

  constructor(options: TrainOptions) {
    this.messages = new RunMessages(options.listeners, () => this.loop.step);
    const warn = (message: string) => this.messages.warn(message);
    this.options = guardOptions(options, {
      step: () => this.loop.step,
      episodes: () => this.loop.episodes,
      warn,
    });
    const root = Rng.fromSeed(options.seed).split('training');
    this.trainingStarts = root.split('episode');
    this.evaluationSeeds = root.split('evaluation');
    this.interruption = new Interruption(options.signal);
    this.blowUp = new BlowUpWatch(warn);
    this.checkpoints = new CheckpointKeeper(this.options, this.blowUp);
  }

  async run(): Promise<TrainResult> {
    try {
      await this.begin();
      // First repeats an evaluation that an interruption cut short.
      if (this.evaluationDue) await this.evaluate();
      let outcome = this.outcome();
      while (outcome === undefined) {
        this.step();
        if (this.loop.step % this.options.logEvery === 0) this.log();
        if (this.evaluationDue) await this.evaluate();
        if (this.checkpoints.isDue(this.loop.step)) await this.checkpointWherePossible();
        if (this.pacer.due) await this.breathe();
        outcome = this.outcome();
      }
      if (!this.checkpoints.has(this.loop.step)) await this.checkpoint();
      if (outcome === 'completed') outcome = await this.conclude();
      await this.flush();
      return this.finish(outcome);
    } catch (error) {
      // The error that stopped the run matters more than one from storing the rows before it.
      await this.flush().catch(() => undefined);
      throw endingIn(error, this.checkpoints.kept);
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
    const rewound =
      resume === true
        ? await storage?.rewind(step, rows, bestEvaluation(this.loop.evaluations)?.step)
        : undefined;
    this.loop.rows = rewound?.rows ?? rows;
    if (stored !== undefined) this.checkpoints.resumeFrom(step);
    this.clock.start(step, wallSeconds);
    this.rate.mark(step);
    this.messages.emit({
      type: 'start',
      step,
      totalSteps: this.options.steps,
      resumed: stored !== undefined,
    });
    this.recordArithmetic();
    for (const message of [...(stored?.warnings ?? []), ...(rewound?.warnings ?? [])])
      this.messages.warn(message);
    if (stored !== undefined && statisticsLost(this.options.environment, stored.snapshot)) {
      this.messages.warn(warnings.statisticsBeginAnew());
    }
    if (statisticsHidden(this.options.environment)) {
      this.messages.warn(warnings.statisticsAreHidden(this.options.environment.name));
    }
  }

  /** The checkpoint says what computed the steps before it; from here on it is this session. */
  private recordArithmetic(): void {
    const { arithmetic, earlierArithmetic } = this.options;
    const { step } = this.loop;
    const other = otherRounding(step, this.loop.arithmetic ?? earlierArithmetic, arithmetic);
    if (step > 0 && other !== undefined) {
      this.rows.push({ type: 'warning', step, message: other, wallSeconds: this.clock.wallSeconds });
      this.messages.warn(other);
    }
    if (arithmetic === undefined) delete this.loop.arithmetic;
    else this.loop.arithmetic = { ...arithmetic };
  }

  private restore(checkpoint: Snapshot): void {
    const { loop, observation } = restoreCheckpoint(this.options, checkpoint);
    this.loop = loop;
    if (this.options.environment.getState !== undefined) {
      this.observation = observation;
      return;
    }
    // Without its state, the environment starts again the episode that it was about to begin. Only a finished run can
    // have stopped in the middle of an episode.
    const within = loop.episodeLength > 0;
    const statistics = this.options.environment.getStatistics?.();
    beginEpisode(loop);
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
      const { agent, environment } = this.options;
      const where = `environment step ${this.loop.step}`;
      throw divergenceBehind(environment.refusal(error, where), agent, where);
    }
  }

  /** One environment step and the learning that follows it. */
  private learnFromStep(): void {
    const { agent, environment } = this.options;
    const { loop, observation } = this;
    const action = agent.act(observation, { deterministic: false });
    assertFiniteAction(action, `environment step ${loop.step + 1}`);
    // The agent must be told what it really saw and did, even if the environment overwrites its arrays.
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
    countStep(loop, result);
    this.noteInstability(info);
    this.observation = copyValue(nextObservation);
    if (terminated || truncated) this.endEpisode(terminated);
  }

  /** `info.instability` is the reason why a simulation could not continue. */
  private noteInstability(info: Info | undefined): void {
    const instability = info?.instability;
    if (instability === undefined) return;
    const { name } = this.options.environment;
    this.messages.warnOnce('instability', warnings.unstableSimulation(name, this.loop.step, instability));
  }

  /** Whether an interruption has waited long enough for the end of an episode that cannot be checkpointed. */
  private get mustCutEpisode(): boolean {
    if (!this.interruption.overdue || this.canContinueWithinEpisode) return false;
    this.messages.warn(warnings.episodeCutOff(this.loop.step));
    return true;
  }

  private endEpisode(terminated: boolean): void {
    const ended = finishEpisode(this.loop, terminated);
    this.rows.push({ type: 'episode', ...ended, wallSeconds: this.clock.wallSeconds });
    this.resetEnvironment();
    this.messages.emit({ type: 'episode', ...ended });
  }

  private log(): void {
    this.readMetrics();
    const { step, updates, metrics } = this.loop;
    const values = { ...metrics, ...takeWindow(this.loop) };
    const stepsPerSecond = this.clock.lap(step);
    this.rows.push({
      type: 'metrics',
      step,
      updates,
      values,
      wallSeconds: this.clock.wallSeconds,
      stepsPerSecond,
    });
    this.messages.emit({ type: 'metrics', step, updates, values });
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
    const { signal, steps } = this.options;
    const { step } = this.loop;
    const { resumableHere } = this;
    const seed = this.evaluationSeeds.split(step).uint32();
    const evaluation = await runEvaluation(this.options, step, seed, (work) =>
      resumableHere ? work(signal) : this.interruption.patiently(work),
    );
    if (evaluation !== undefined) await this.recordEvaluation(evaluation);
    else if (!resumableHere && step < steps) this.messages.warn(warnings.evaluationLeftOut(step));
  }

  private async recordEvaluation(evaluation: Evaluation): Promise<void> {
    const best = bestEvaluation(this.loop.evaluations);
    const better = !(evaluation.returnMean <= (best?.returnMean ?? Number.NEGATIVE_INFINITY));
    this.loop.evaluations.push(evaluation);
    this.rows.push({ type: 'evaluation', ...evaluation, wallSeconds: this.clock.wallSeconds });
    this.messages.emit({ type: 'evaluation', evaluation });
    if ((evaluation.cutEpisodes ?? 0) > 0) this.messages.warnOnce('cut', warnings.evaluationCut(evaluation));
    if ((evaluation.unstableEpisodes ?? 0) > 0) {
      this.messages.warnOnce('unstable evaluation', warnings.evaluationUnstable(evaluation));
    }
    if (!better || this.options.storage === undefined) return;
    // As for a checkpoint: a diverged state is not kept anywhere.
    this.readMetrics();
    await this.checkpoints.saveBest(evaluation.step);
  }

  /** Whether a checkpoint made at this moment can be continued exactly. */
  private get resumableHere(): boolean {
    return this.canContinueWithinEpisode || this.loop.episodeLength === 0;
  }

  private get canContinueWithinEpisode(): boolean {
    return this.options.storage === undefined || this.options.environment.getState !== undefined;
  }

  private async checkpointWherePossible(): Promise<void> {
    if (this.resumableHere) return this.checkpoint();
    this.messages.warnOnce('waiting', warnings.checkpointWaits(this.loop.step));
  }

  private async checkpoint(): Promise<void> {
    // A diverged state must not replace a good checkpoint.
    this.readMetrics();
    await this.flush();
    this.loop.wallSeconds = this.clock.wallSeconds;
    await this.checkpoints.save(this.loop, this.observation);
    if (this.options.storage !== undefined) this.messages.emit({ type: 'checkpoint', step: this.loop.step });
  }

  /**
   * The metrics row and evaluation of a last step outside the intervals. They come after the last checkpoint, so a
   * lengthened run continues as if they had never existed; resuming without more steps repeats them.
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
    return isSolved(this.loop.evaluations, this.options.evaluation.stopWhen);
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
    this.messages.emit({ type: 'progress', step, totalSteps: this.options.steps, updates, stepsPerSecond });
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
    this.messages.emit({ type: 'end', step, updates, outcome });
    const stepsPerSecond = this.clock.averageRate(step);
    return { steps: step, updates, stepsPerSecond, evaluations, outcome };
  }
}
