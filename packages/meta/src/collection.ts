import { type JsonObject, type Rng, SnapshotMismatchError } from '@maxent/core';

/** Numbers of steps to collect, each rounded up to whole episodes. */
export interface CollectionSteps {
  /** From every train task before anything else, with latents drawn from the prior. */
  readonly initialSteps: number;
  /** In each visit: with latents from the prior, a new one for each episode. */
  readonly priorSteps: number;
  /** Then in each visit: with latents from the belief, which is updated after each episode. */
  readonly posteriorSteps: number;
  /** Then the same, but for the critics only: these steps do not become context. */
  readonly extraSteps: number;
}

export type Phase = 'initial' | 'prior' | 'posterior' | 'extra';

const PHASES = ['prior', 'posterior', 'extra'] as const;

/** The task and phase of the next episode. */
export interface PlannedEpisode {
  readonly task: number;
  readonly phase: Phase;
  /** Whether it is the first episode of a visit to its task. */
  readonly visitStarts: boolean;
}

/**
 * Decides in which task and phase experience is collected (Rakelly et al. 2019, algorithm 1 and appendix): first in
 * every train task, then in visits to tasks drawn uniformly.
 */
export class Collection {
  private task = -1;
  private phase: Phase = 'initial';
  private stepsInPhase = 0;
  private pastInitialSteps = 0;

  constructor(
    private readonly steps: CollectionSteps,
    private readonly tasks: number,
  ) {}

  /** Whether every train task has been collected from. */
  get pastInitial(): boolean {
    return this.phase !== 'initial';
  }

  get current(): { readonly task: number; readonly phase: Phase } {
    return { task: this.task, phase: this.phase };
  }

  /** Steps counted since every train task has been collected from. */
  get stepsPastInitial(): number {
    return this.pastInitialSteps;
  }

  countStep(): void {
    this.stepsInPhase += 1;
    if (this.pastInitial) this.pastInitialSteps += 1;
  }

  /** The next episode; draws from `rng` when it begins a visit. */
  next(rng: Rng): PlannedEpisode {
    if (this.task >= 0 && this.stepsInPhase < this.quota(this.phase)) return this.episode(false);
    this.stepsInPhase = 0;
    if (this.phase === 'initial' && this.task + 1 < this.tasks) {
      this.task += 1;
      return this.episode(true);
    }
    const later = this.phase === 'initial' ? undefined : this.phaseAfter(this.phase);
    if (later !== undefined) {
      this.phase = later;
      return this.episode(false);
    }
    this.task = rng.integer(this.tasks);
    this.phase = PHASES.find((phase) => this.quota(phase) > 0)!;
    return this.episode(true);
  }

  save(): JsonObject {
    const { task, phase, stepsInPhase, pastInitialSteps } = this;
    return { task, phase, stepsInPhase, pastInitialSteps };
  }

  load(state: unknown): void {
    const { task, phase, stepsInPhase, pastInitialSteps } = (state ?? {}) as Record<string, unknown>;
    const known = ['initial', ...PHASES].includes(phase as string);
    const within = (value: unknown, low: number, high: number) =>
      Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high;
    const counted = [stepsInPhase, pastInitialSteps].every((steps) =>
      within(steps, 0, Number.MAX_SAFE_INTEGER),
    );
    if (!known || !counted || !within(task, -1, this.tasks - 1)) {
      throw new SnapshotMismatchError('pearl: the snapshot does not say how far data collection has come');
    }
    Object.assign(this, { task, phase, stepsInPhase, pastInitialSteps });
  }

  private episode(visitStarts: boolean): PlannedEpisode {
    return { ...this.current, visitStarts };
  }

  private phaseAfter(phase: Exclude<Phase, 'initial'>): Phase | undefined {
    return PHASES.slice(PHASES.indexOf(phase) + 1).find((later) => this.quota(later) > 0);
  }

  private quota(phase: Phase): number {
    return this.steps[`${phase}Steps`];
  }
}
