import type { BackendReport } from '@maxent/backend';
import type { UpdateSizes } from '../sac-update/flop-count.js';

/** What `update-worker.ts` does on request; a line of JSON each way. */
export type UpdateRequest =
  | { readonly command: 'describe' }
  /** Makes an agent in place of the last one, and brings it to its full speed. */
  | { readonly command: 'prepare'; readonly sizes: UpdateSizes; readonly updates: number }
  | { readonly command: 'measure'; readonly updates: number };

export interface UpdateDescription {
  /** Vector instructions of the kernels. */
  readonly simd: BackendReport['simd'];
}

export interface UpdateMeasurement {
  /** Of the processor, per update. */
  readonly milliseconds: number;
}
