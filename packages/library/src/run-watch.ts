/** How the environments and agents of a run are checked; see `Watch` of `@maxent/core`. */
export interface RunWatch {
  /** Whether the first episodes are checked more closely. */
  readonly check: boolean;
  readonly onWarning: (message: string) => void;
}
