import { formatCounted } from '../../output/format-number.js';
import type { InferenceSize } from '../inference-memory.js';

interface Sizes {
  readonly stateCount: number;
  readonly actionCount: number;
  readonly horizon: number | null;
  /** The field that determines the length of the answer, and the one that does so without a horizon. */
  readonly fields: readonly [withHorizon: string, without: string];
  /** How many numbers are read. */
  readonly read: number;
}

/** A comparison answers V, Q and policy of each inference, marginals and messages. */
export function comparisonSize({ stateCount, actionCount, horizon, fields, read }: Sizes): InferenceSize {
  const steps = horizon ?? 1;
  const rows = steps * stateCount * actionCount;
  const states = (steps + 1) * stateCount;
  const sizes = `${formatCounted(stateCount, 'state')} and ${formatCounted(actionCount, 'action')}`;
  return {
    field: horizon === null ? fields[1] : fields[0],
    what: horizon === null ? sizes : `${formatCounted(steps, 'step')} of ${sizes}`,
    read,
    worked: 8 * rows + 8 * states + read,
    answered: 7 * rows + 8 * states,
    arrays: 7 * steps * stateCount + 8 * steps,
  };
}
