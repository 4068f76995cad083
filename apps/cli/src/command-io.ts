/** Everything of the surrounding shell that commands use, so that tests can stand in for it. */
export interface CommandIo {
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly readInput: () => Promise<string>;
  /** Relative paths, `maxent.config.*` and plugin packages are looked up from here. */
  readonly workingDirectory: string;
  /** Columns of the terminal behind the error stream; undefined when it is not a terminal. */
  readonly terminalColumns: number | undefined;
  /** The terminal behind standard output; undefined when it is not a terminal. */
  readonly screen: { readonly columns: number; readonly colours: boolean } | undefined;
  /** Calls `listener` on every Ctrl-C until the returned function is called. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Ends the process without waiting for anything. */
  readonly exitNow: (exitCode: number) => void;
}
