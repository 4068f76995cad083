/** A signal that asks a process to stop: from Ctrl-C, a service manager or scheduler, or a closed terminal. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Everything in the surrounding shell that commands use, so that tests can replace it. */
export interface CommandIo {
  /** Neither of the two throws: the reader may be gone. */
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly readInput: () => Promise<string>;
  /** Relative paths, `maxent.config.*` and plugin packages are looked up from here. */
  readonly workingDirectory: string;
  /** Columns of the terminal behind the error stream; undefined when it is not a terminal. */
  readonly terminalColumns: number | undefined;
  /** The terminal behind standard output; undefined when it is not a terminal. */
  readonly screen: { readonly columns: number; readonly colors: boolean } | undefined;
  /** Calls `listener` when the process is asked to stop, until the returned function is called. */
  readonly onInterrupt: (listener: (signal: StopSignal) => void) => () => void;
  /** Ends the process without waiting for anything. */
  readonly exitNow: (exitCode: number) => void;
}
