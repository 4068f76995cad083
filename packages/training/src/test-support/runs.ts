import type { Snapshot } from '@maxent/core';
import type { TrainOptions } from '../loop/train-options.js';
import type { RunRow } from '../run-storage.js';
import { Corridor, StatefulCorridor } from './corridor.js';
import { TabularAgent } from './tabular-agent.js';

/** A complete small run; every interval is chosen to fall within episodes and between updates. */
export function corridorRun(changes: Partial<TrainOptions> = {}): TrainOptions & { agent: TabularAgent } {
  return {
    environment: new StatefulCorridor(),
    evaluationEnvironment: new StatefulCorridor(),
    steps: 1000,
    seed: 7,
    evaluation: { every: 250, episodes: 4 },
    logEvery: 100,
    checkpointEvery: 170,
    ...changes,
    agent: new TabularAgent(7),
  };
}

/** The same run on environments that cannot give their state. */
export function statelessRun(changes: Partial<TrainOptions> = {}): TrainOptions & { agent: TabularAgent } {
  return corridorRun({ environment: new Corridor(), evaluationEnvironment: new Corridor(), ...changes });
}

/** Rows without what depends on the machine's speed. */
export function reproducible(rows: readonly RunRow[]): unknown[] {
  return rows.map((row) => ({ ...row, wallSeconds: 0, stepsPerSecond: 0 }));
}

/** The complete state of a learner as plain data that `toEqual` compares. */
export function stateOf(snapshot: Snapshot): unknown {
  const rows = Object.entries(snapshot.rows ?? {}).map(([name, log]) => [
    name,
    log.appended,
    log.read(Math.max(0, log.appended - log.capacity), log.appended),
  ]);
  return { arrays: snapshot.arrays, rows, metadata: snapshot.metadata };
}
