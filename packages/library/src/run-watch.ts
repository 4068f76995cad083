/** How the environments and agents of a run are looked at; see `Watch` of `@maxent/core`. */
export interface RunWatch {
  /** Whether the first episodes are looked at closely. */
  readonly check: boolean;
  readonly onWarning: (message: string) => void;
}
