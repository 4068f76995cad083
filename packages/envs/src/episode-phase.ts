import { InvalidStateError, type Snapshot, SnapshotMismatchError, showStored } from '@maxent/core';

type OpenPhase = 'unstarted' | 'running' | 'ended';

/** Tracks an environment's phase from construction to close, and refuses calls at the wrong time. */
export class EpisodePhase {
  private phase: OpenPhase | 'closed' = 'unstarted';

  get closed(): boolean {
    return this.phase === 'closed';
  }

  /** An episode has begun. */
  begin(): void {
    this.phase = 'running';
  }

  /** The episode has ended by itself. */
  end(): void {
    this.phase = 'ended';
  }

  close(): void {
    this.phase = 'closed';
  }

  /** Throws InvalidStateError, naming the method, when the environment is closed. */
  requireOpen(method: string): void {
    if (this.phase === 'closed') {
      throw new InvalidStateError(`${method}: the environment is closed; make a new one`);
    }
  }

  /** Throws InvalidStateError unless a step can be taken. */
  requireRunning(): void {
    this.requireOpen('step');
    if (this.phase === 'running') return;
    const problem = this.phase === 'unstarted' ? 'no episode has begun' : 'the episode has ended';
    throw new InvalidStateError(`step: ${problem}; call reset first`);
  }

  /** The phase, to store as a snapshot's `metadata.phase`. */
  save(): string {
    return this.phase;
  }

  /** Restores the phase from a snapshot. Throws SnapshotMismatchError, changing nothing, if it is not a phase. */
  load({ metadata: { phase } }: Snapshot): void {
    if (phase !== 'unstarted' && phase !== 'running' && phase !== 'ended') {
      throw new SnapshotMismatchError(
        `metadata.phase: expected unstarted, running or ended, got ${showStored(phase)}`,
      );
    }
    this.phase = phase;
  }
}
