import { copyValue, type Environment, type Info, type Snapshot, type Space } from '@maxent/core';
import { areStateful, keepStatistics } from '../vector/abilities.js';
import { advance, begin, type LaneStep } from '../vector/advance.js';
import { closeQuietly } from '../vector/sync-vector-environment.js';
import type { Request } from './protocol.js';
import { type Share, ShareFault } from './share.js';
import { RESET } from './shared-block.js';

/** The share of this thread: its environments wait until `carryOut` is called. */
export class OwnShare implements Share {
  readonly count: number;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly stateful: boolean;
  readonly keepsStatistics: boolean;
  private readonly seeds: (number | undefined)[] = [];
  private readonly actions: unknown[] = [];
  private readonly resets: { readonly observation: unknown; readonly info: Info }[] = [];
  private readonly steps: LaneStep<unknown>[] = [];
  private states: readonly Snapshot[] = [];
  /** The environment that is at work, or was last. */
  private current = 0;
  private command: () => void = () => undefined;
  private fault: ShareFault | undefined;

  constructor(private readonly environments: readonly Environment[]) {
    this.count = environments.length;
    this.observationSpace = environments[0]!.observationSpace;
    this.actionSpace = environments[0]!.actionSpace;
    this.stateful = areStateful(environments);
    this.keepsStatistics = keepStatistics(environments);
  }

  writeSeed(index: number, seed: number | undefined): void {
    this.seeds[index] = seed;
  }

  writeAction(index: number, action: unknown): void {
    // The caller may change its action before the step is carried out.
    this.actions[index] = copyValue(action);
  }

  begin(command: number): void {
    this.command = command === RESET ? () => this.reset() : () => this.step();
  }

  request(request: Request): void {
    this.command = () => this.answer(request);
  }

  /** Carries out the command; an environment's error is kept for `finish`, because other threads are at work. */
  carryOut(): void {
    try {
      this.command();
    } catch (error) {
      this.fault = new ShareFault(this, this.current, error);
    }
  }

  requireAlive(): void {
    // Whoever asks is in this thread.
  }

  finish(): void {
    if (this.fault !== undefined) throw this.fault;
  }

  readReset(index: number): { readonly observation: unknown; readonly info: Info } {
    return this.resets[index]!;
  }

  readStep(index: number): LaneStep<unknown> {
    return this.steps[index]!;
  }

  readStates(): readonly Snapshot[] {
    return this.states;
  }

  async close(): Promise<void> {
    for (const environment of this.environments) closeQuietly(environment);
  }

  private reset(): void {
    this.forEach((environment, index) => {
      const seed = this.seeds[index];
      this.resets[index] = begin(environment, seed === undefined ? {} : { seed });
    });
  }

  private step(): void {
    this.forEach((environment, index) => {
      this.steps[index] = advance(environment, this.actions[index], this.seeds[index]);
    });
  }

  private answer(request: Request): void {
    if (request.kind === 'getState') {
      const states: Snapshot[] = [];
      this.forEach((environment) => {
        states.push(environment.getState!());
      });
      this.states = states;
      return;
    }
    this.forEach((environment, index) => {
      environment.setState!(request.states[index]!);
    });
  }

  private forEach(work: (environment: Environment, index: number) => void): void {
    this.environments.forEach((environment, index) => {
      this.current = index;
      work(environment, index);
    });
  }
}
