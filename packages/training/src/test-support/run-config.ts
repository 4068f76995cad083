import type { RunConfig } from '../run-config.js';

/** The configuration of `corridorRun`. */
export function corridorConfig(changes: Partial<RunConfig> = {}): RunConfig {
  return {
    format: 'maxent-run',
    formatVersion: 1,
    agent: { name: 'tabular', config: { learningRate: 0.1, hidden: [8, 8] } },
    environment: { id: 'Corridor', options: {} },
    steps: 1000,
    seed: 7,
    evaluation: { every: 250, episodes: 4 },
    logEvery: 100,
    checkpointEvery: 170,
    backend: 'none',
    plugins: [],
    provenance: {
      startedAt: '2030-01-01T00:00:00Z',
      versions: { node: process.version },
      machine: { cpuCount: 2 },
    },
    ...changes,
  };
}
