/** One command line with what it reads: all that is needed to run it again. */
export interface FuzzDocument {
  /** Where it came from, such as `hmm: bound initial`. */
  readonly name: string;
  readonly args: readonly string[];
  /** Standard input. */
  readonly input?: string;
}

/** What a run of a document gave. */
export interface FuzzOutcome {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** Largest resident memory of the process so far, in bytes. */
  readonly memory: number;
}
