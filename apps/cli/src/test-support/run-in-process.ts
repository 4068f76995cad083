import type { CommandIo, StopSignal } from '../process/command-io.js';
import { run } from '../run.js';

export interface Finished {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** Standard output read as one JSON document. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  readonly json: any;
}

export interface InProcessOptions {
  readonly directory: string;
  readonly input?: string;
  /** The terminal to write to; none unless given. */
  readonly screen?: CommandIo['screen'];
  /** Columns of a terminal behind the error stream; none unless given. */
  readonly terminalColumns?: number;
  /** Called with what is written to standard output; may ask to stop, as `onError`. */
  readonly onOut?: (text: string, stop: (signal?: StopSignal) => void) => void;
  /** Called with what is written to the error stream; may ask to stop, by Ctrl-C unless another signal is given. */
  readonly onError?: (text: string, stop: (signal?: StopSignal) => void) => void;
}

/** Runs a command line in this process, as a shell in `directory` would. */
export async function runInProcess(
  args: readonly string[],
  { directory, input = '', screen, terminalColumns, onOut, onError }: InProcessOptions,
): Promise<Finished> {
  let out = '';
  let err = '';
  const listeners = new Set<(signal: StopSignal) => void>();
  let exitNow: (exitCode: number) => void = () => {};
  const exited = new Promise<number>((resolve) => {
    exitNow = resolve;
  });
  const stop = (signal: StopSignal = 'SIGINT'): void => {
    for (const listener of listeners) listener(signal);
  };
  const ended = run(args, {
    writeOut: (text) => {
      out += text;
      onOut?.(text, stop);
    },
    writeError: (text) => {
      err += text;
      onError?.(text, stop);
    },
    readInput: async () => input,
    workingDirectory: directory,
    terminalColumns,
    screen,
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exitNow,
  });
  const exitCode = await Promise.race([ended, exited]);
  return {
    exitCode,
    out,
    err,
    get json() {
      return JSON.parse(out);
    },
  };
}
