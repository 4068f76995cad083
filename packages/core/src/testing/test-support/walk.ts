import type { Environment, ResetOptions, ResetResult, StepResult } from '../../environment.js';
import { InvalidStateError, SpaceMismatchError } from '../../errors.js';
import { Rng } from '../../random/rng.js';
import type { Snapshot } from '../../snapshot.js';
import { Box, type BoxArray } from '../../spaces/box.js';

/** A walk on a line that keeps every rule, for tests that break one of them. It ends beyond 2. */
export class Walk implements Environment<BoxArray, BoxArray> {
  readonly observationSpace: Box = new Box({ low: [-10], high: [10], dataType: 'float64' });
  readonly actionSpace = new Box({ low: [-1], high: [1] });
  position = 0;
  running = false;
  closed = false;
  rng = Rng.fromSeed(0);

  reset({ seed }: ResetOptions = {}): ResetResult<BoxArray> {
    this.requireOpen();
    if (seed !== undefined) this.rng = Rng.fromSeed(seed);
    this.position = this.rng.normal(0, 0.1);
    this.running = true;
    return { observation: this.observe(), info: {} };
  }

  step(action: BoxArray): StepResult<BoxArray> {
    this.requireOpen();
    if (!this.running) throw new InvalidStateError('reset first');
    if (!this.actionSpace.contains(action)) throw new SpaceMismatchError('not an action');
    this.position += 0.3 * action[0]! + this.rng.normal(0, 0.1);
    const terminated = Math.abs(this.position) > 2;
    this.running = !terminated;
    return {
      observation: this.observe(),
      reward: -Math.abs(this.position),
      terminated,
      truncated: false,
      info: {},
    };
  }

  observe(): BoxArray {
    return Float64Array.of(this.position);
  }

  render(): string | Promise<string> {
    return `<svg viewBox="-10 -1 20 2"><circle cx="${this.position.toFixed(2)}" cy="0" r="1"/></svg>`;
  }

  close(): void {
    this.closed = true;
  }

  getState?(): Snapshot {
    return {
      arrays: { position: { shape: [1], data: Float64Array.of(this.position) } },
      metadata: { running: this.running, rng: this.rng.state() },
    };
  }

  setState?({ arrays, metadata }: Snapshot): void {
    this.position = arrays.position!.data[0]!;
    this.running = metadata.running === true;
    this.rng = Rng.fromState(metadata.rng);
  }

  private requireOpen(): void {
    if (this.closed) throw new InvalidStateError('closed');
  }
}
