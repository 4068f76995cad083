import { type Metrics, type Snapshot, splitSnapshot } from '@maxent/core';
import { BLOW_UP, describeFound, firstBlownUp, isBlownUp } from '../checkpoint-finiteness.js';

/** Warns once that a number in learning is finite but far larger than anything healthy: `BLOW_UP`. */
export class BlowUpWatch {
  private warned = false;

  constructor(private readonly warn: (message: string) => void) {}

  checkMetrics(metrics: Metrics, step: number): void {
    if (this.warned) return;
    const found = Object.entries(metrics).find(([, value]) => isBlownUp(value));
    if (found !== undefined) this.say(`metric "${found[0]}" is ${found[1]}`, step);
  }

  /** Checks the agent's arrays in a checkpoint. */
  checkAgent(checkpoint: Snapshot, step: number): void {
    if (this.warned) return;
    const found = firstBlownUp(splitSnapshot(checkpoint, 'agent')!);
    if (found !== undefined) this.say(`the agent's ${describeFound(found)}`, step);
  }

  private say(what: string, step: number): void {
    this.warned = true;
    this.warn(
      `${what} at environment step ${step}, beyond ${BLOW_UP.toExponential()}: learning is probably diverging. Try a ` +
        'smaller learning rate, or check the scale of rewards and observations.',
    );
  }
}
