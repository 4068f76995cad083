/** One command line with its input: everything needed to run it again. */
export interface FuzzDocument {
  /** Where it came from, such as `hmm: bound initial`. */
  readonly name: string;
  readonly args: readonly string[];
  /** Standard input. */
  readonly input?: string;
  /** A run in the folder `run` of the working directory. */
  readonly run?: AlteredRun;
}

/** A copy of a run with some of its files altered. */
export interface AlteredRun {
  /** Directory of the run that is copied. */
  readonly source: string;
  /** New content, in base64, by path in the run; null removes the file, `pipe` puts a named pipe in its place. */
  readonly files: Readonly<Record<string, string | null>>;
}

/** In place of a file's content. */
export const PIPE = 'pipe';

/** The outcome of running a document. */
export interface FuzzOutcome {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** Largest resident memory of the process so far, in bytes. */
  readonly memory: number;
}
