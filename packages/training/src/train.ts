import { type Evaluation, isVectorEnvironment, type RunOutcome, type Snapshot } from '@maxent/core';
import { otherRounding } from './arithmetic.js';
import { assertResumable, initialLoopState, type LoopState, restoreCheckpoint } from './checkpoint.js';
import { BlowUpWatch } from './loop/blow-up-watch.js';
import { CheckpointKeeper } from './loop/checkpoint-keeper.js';
import { beginEpisode, takeWindow } from './loop/episode-account.js';
import { EpisodeSeeds } from './loop/episode-seeds.js';
import { bestEvaluation, isSolved } from './loop/evaluation-history.js';
import { assertFiniteMetrics, endingIn } from './loop/finiteness.js';
import { type GuardedOptions, guardOptions } from './loop/guard-options.js';
import { Interruption } from './loop/interruption.js';
import { Pacer } from './loop/pacer.js';
import { Rounds } from './loop/rounds.js';
import type { RunEnvironments } from './loop/run-environments.js';
import { runEvaluation } from './loop/run-evaluation.js';
import { RunRecord } from './loop/run-record.js';
import { type TrainOptions, type TrainResult, validateTrainOptions } from './loop/train-options.js';
import * as warnings from './loop/warnings.js';
import type { CheckpointTest } from './run-storage.js';
import { statisticsHidden, statisticsLost } from './statistics.js';

/**
 * Trains an agent: per environment step one action, one observed transition and one call of `agent.update()`, with
 * evaluation episodes, metrics rows and checkpoints at their intervals. Episode k of training and episode k of the
 * evaluation at step S start from seeds that depend only on the run's seed, k and S, so a resumed run gives the same
 * numbers as one that was never stopped.
 *
 * Several environments take rounds of one step each: first the agent acts in all of them, then they step together, and
 * then, one after the other, it observes and updates. So a step is followed by as much learning as in one environment.
 * Episode k of each has a seed of its own. A run ends with the first round that reaches its steps; what is due at an
 * interval comes after the first round that reaches or passes it.
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
  private readonly loop: LoopState;
  private readonly environments: RunEnvironments;
  private readonly seeds: EpisodeSeeds;
  private readonly pacer = new Pacer();
  private readonly interruption: Interruption;
  private readonly record: RunRecord;
  private readonly blowUp: BlowUpWatch;
  private readonly checkpoints: CheckpointKeeper;
  private readonly rounds: Rounds;
  private readonly options: GuardedOptions;

  constructor(options: TrainOptions) {
    const { environment, signal } = options;
    this.loop = initialLoopState(isVectorEnvironment(environment) ? environment.count : 1);
    this.record = new RunRecord(options, this.loop);
    this.seeds = new EpisodeSeeds(options.seed);
    const warn = (message: string) => this.record.messages.warn(message);
    this.options = guardOptions(options, {
      seedOf: this.seeds.ofTraining,
      step: () => this.loop.step,
      agentStep: () => this.rounds.agentStep,
      episodes: () => this.loop.accounts[0]!.episodes,
      warn,
    });
    this.environments = this.options.environments;
    this.interruption = new Interruption(signal);
    this.rounds = new Rounds(this.options, this.loop, this.record, () => this.mustCutEpisode);
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
        const learned = this.rounds.take();
        // A single environment is done by now; waiting would only cost a turn of the event loop's queue.
        if (learned !== undefined) await learned;
        if (this.isDue(this.options.logEvery)) this.log();
        if (this.evaluationDue) await this.evaluate();
        if (this.checkpoints.isDue(this.loop.step)) await this.checkpointWherePossible();
        if (this.pacer.due) await this.breathe();
        outcome = this.outcome();
      }
      if (!this.checkpoints.has(this.loop.step)) await this.checkpoint();
      if (outcome === 'completed') outcome = await this.conclude();
      await this.record.store();
      return this.finish(outcome);
    } catch (error) {
      // The error that stopped the run matters more than one from storing the rows before it.
      await this.record.store().catch(() => undefined);
      throw endingIn(error, this.checkpoints.kept);
    }
  }

  private async begin(): Promise<void> {
    const { evaluationEnvironment, storage, resume } = this.options;
    const { environments, record } = this;
    const test: CheckpointTest = (checkpoint) => assertResumable(this.options, checkpoint);
    const stored = resume === true ? await storage?.latestCheckpoint(test) : undefined;
    // Before `setState` too: an environment may hold nothing to set before its first reset.
    evaluationEnvironment?.reset({ seed: this.seeds.ofEvaluation(0) });
    await environments.begin(this.episodes);
    if (stored === undefined) await this.options.prepare?.();
    else await this.restore(stored.snapshot);
    const { step, rows } = this.loop;
    const rewound =
      resume === true
        ? await storage?.rewind(step, rows, bestEvaluation(this.loop.evaluations)?.step)
        : undefined;
    this.loop.rows = rewound?.rows ?? rows;
    if (stored !== undefined) this.checkpoints.resumeFrom(step);
    record.start(stored !== undefined);
    this.recordArithmetic();
    for (const message of [...(stored?.warnings ?? []), ...(rewound?.warnings ?? [])])
      record.messages.warn(message);
    if (stored !== undefined && statisticsLost(environments, stored.snapshot)) {
      record.messages.warn(warnings.statisticsBeginAnew());
    }
    if (statisticsHidden(environments)) {
      record.messages.warn(warnings.statisticsAreHidden(environments.nameOf(0)));
    }
  }

  /** The checkpoint says what computed the steps before it; from here on it is this session. */
  private recordArithmetic(): void {
    const { arithmetic, earlierArithmetic } = this.options;
    const { step } = this.loop;
    const other = otherRounding(step, this.loop.arithmetic ?? earlierArithmetic, arithmetic);
    if (step > 0 && other !== undefined) this.record.warning(other);
    if (arithmetic === undefined) delete this.loop.arithmetic;
    else this.loop.arithmetic = { ...arithmetic };
  }

  private async restore(checkpoint: Snapshot): Promise<void> {
    const { environments } = this;
    const { loop, observations } = await restoreCheckpoint(this.options, checkpoint);
    Object.assign(this.loop, loop);
    if (environments.getState !== undefined) {
      environments.continueFrom(observations, this.episodes);
      return;
    }
    // Without its state, the only environment starts again the episode that it was about to begin. Only a finished run
    // can have stopped in the middle of an episode.
    const within = this.withinEpisode;
    const statistics = environments.getStatistics?.();
    beginEpisode(loop.accounts[0]!);
    await environments.begin(this.episodes);
    if (statistics === undefined || within) return;
    // This reset was counted when the checkpoint was made.
    environments.setStatistics?.(statistics);
    environments.continueFrom(observations, this.episodes);
  }

  /** The number of the current episode of each environment. */
  private get episodes(): number[] {
    return this.loop.accounts.map(({ episodes }) => episodes);
  }

  private get withinEpisode(): boolean {
    return this.loop.accounts.some(({ episodeLength }) => episodeLength > 0);
  }

  /** Whether the last round reached or passed a multiple of an interval. */
  private isDue(interval: number): boolean {
    return this.loop.step % interval < this.environments.count;
  }

  private log(): void {
    this.readMetrics();
    this.record.metrics({ ...this.loop.metrics, ...takeWindow(this.loop) });
  }

  /** Fetches the last update's metrics, which may cost a copy from the device, and checks them. */
  private readMetrics(): void {
    const update = this.rounds.takeUpdate();
    if (update === undefined) return;
    this.loop.metrics = update.metrics();
    assertFiniteMetrics(this.loop.metrics, this.loop.step);
    this.blowUp.checkMetrics(this.loop.metrics, this.loop.step);
  }

  private get evaluationDue(): boolean {
    return this.loop.step > 0 && this.isDue(this.options.evaluation.every) && !this.evaluatedHere;
  }

  private get evaluatedHere(): boolean {
    return this.loop.evaluations.at(-1)?.step === this.loop.step;
  }

  private async evaluate(): Promise<void> {
    const { signal, steps } = this.options;
    const { step } = this.loop;
    const { resumableHere } = this;
    const evaluation = await this.record.timeEvaluation(() =>
      runEvaluation(this.options, step, this.seeds.ofEvaluation(step), (work) =>
        resumableHere ? work(signal) : this.interruption.patiently(work),
      ),
    );
    if (evaluation !== undefined) await this.recordEvaluation(evaluation);
    else if (!resumableHere && step < steps) this.record.messages.warn(warnings.evaluationLeftOut(step));
  }

  private async recordEvaluation(evaluation: Evaluation): Promise<void> {
    const { messages } = this.record;
    const best = bestEvaluation(this.loop.evaluations);
    const better = !(evaluation.returnMean <= (best?.returnMean ?? Number.NEGATIVE_INFINITY));
    this.loop.evaluations.push(evaluation);
    this.record.evaluation(evaluation);
    if ((evaluation.cutEpisodes ?? 0) > 0) messages.warnOnce('cut', warnings.evaluationCut(evaluation));
    if ((evaluation.unstableEpisodes ?? 0) > 0) {
      messages.warnOnce('unstable evaluation', warnings.evaluationUnstable(evaluation));
    }
    if (!better || this.options.storage === undefined) return;
    // As for a checkpoint: a diverged state is not kept anywhere.
    this.readMetrics();
    await this.checkpoints.saveBest(evaluation.step);
  }

  /** Whether a checkpoint made at this moment can be continued exactly. */
  private get resumableHere(): boolean {
    return this.canContinueWithinEpisode || !this.withinEpisode;
  }

  private get canContinueWithinEpisode(): boolean {
    return this.options.storage === undefined || this.environments.getState !== undefined;
  }

  /** Whether an interruption has waited long enough for the end of an episode that cannot be checkpointed. */
  private get mustCutEpisode(): boolean {
    if (!this.interruption.overdue || this.canContinueWithinEpisode) return false;
    this.record.messages.warn(warnings.episodeCutOff(this.loop.step));
    return true;
  }

  private async checkpointWherePossible(): Promise<void> {
    if (this.resumableHere) return this.checkpoint();
    this.record.messages.warnOnce('waiting', warnings.checkpointWaits(this.loop.step));
  }

  private async checkpoint(): Promise<void> {
    // A diverged state must not replace a good checkpoint.
    this.readMetrics();
    await this.record.store();
    const { step } = this.loop;
    this.loop.wallSeconds = this.record.clock.wallSeconds;
    await this.checkpoints.save(this.loop);
    if (this.options.storage !== undefined) this.record.messages.emit({ type: 'checkpoint', step });
  }

  /**
   * The metrics row and evaluation of a last step outside the intervals. They come after the last checkpoint, so a
   * lengthened run continues as if they had never existed; resuming without more steps repeats them.
   */
  private async conclude(): Promise<RunOutcome> {
    if (!this.isDue(this.options.logEvery)) this.log();
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
    await this.record.store();
    await this.pacer.pause();
    this.record.progressIfDue();
  }

  private finish(outcome: RunOutcome): TrainResult {
    const { step, updates, evaluations } = this.loop;
    this.record.end(outcome);
    const stepsPerSecond = this.record.clock.averageRate(step);
    return { steps: step, updates, stepsPerSecond, evaluations, outcome };
  }
}
