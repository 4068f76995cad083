import type { ReportedComparison } from '../report/comparison-page.js';
import type { RunConfig } from '../run-config.js';
import type { EvaluationRow } from '../run-storage.js';
import { corridorConfig } from './run-config.js';

export interface ComparedRunChange {
  readonly rate?: number;
  readonly seed?: number;
  readonly every?: number;
  /** Return at which it was to stop. */
  readonly stop?: number;
  readonly config?: Partial<RunConfig>;
}

/** A run that was evaluated every `every` steps, with these returns; its seed depends on its name. */
export function comparedRun(
  name: string,
  returns: readonly number[],
  { rate = 1, seed = name.charCodeAt(0), every = 10, stop, config: changes }: ComparedRunChange = {},
): ReportedComparison {
  const config = corridorConfig({
    agent: { name: 'tabular', config: { rate } },
    seed,
    evaluation: {
      ...{ every, episodes: 1 },
      ...(stop !== undefined && { stopWhen: { returnAtLeast: stop, consecutive: 1 } }),
    },
    ...changes,
  });
  const rows = returns.map(
    (value, i): EvaluationRow => ({
      ...{ type: 'evaluation', step: (i + 1) * every, returnMean: value, returnStd: 0, episodes: 1 },
      ...{ returns: [value], lengths: [1], wallSeconds: 1 },
    }),
  );
  return { name, config, rows, warnings: [] };
}
