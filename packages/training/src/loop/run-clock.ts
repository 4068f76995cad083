/** Wall time of a run over all its sessions, and the speed of steps in this one. */
export class RunClock {
  private startedAt = 0;
  private firstStep = 0;
  private secondsBefore = 0;
  private lastLap = { step: 0, at: 0 };

  /** Begins a session at `step`, after `secondsBefore` seconds of earlier ones. */
  start(step: number, secondsBefore: number): void {
    this.startedAt = performance.now();
    this.firstStep = step;
    this.secondsBefore = secondsBefore;
    this.lastLap = { step, at: this.startedAt };
  }

  /** Seconds that the run has taken, including earlier sessions. */
  get wallSeconds(): number {
    return this.secondsBefore + (performance.now() - this.startedAt) / 1000;
  }

  /** Steps per second since the last lap. */
  lap(step: number): number {
    const at = performance.now();
    const { lastLap } = this;
    this.lastLap = { step, at };
    return perSecond(step - lastLap.step, at - lastLap.at);
  }

  /** Steps per second over the whole session. */
  averageRate(step: number): number {
    return perSecond(step - this.firstStep, performance.now() - this.startedAt);
  }
}

function perSecond(steps: number, milliseconds: number): number {
  return milliseconds > 0 ? (steps / milliseconds) * 1000 : 0;
}
