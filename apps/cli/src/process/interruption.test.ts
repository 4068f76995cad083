import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CommandIo, StopSignal } from './command-io.js';
import { interruptible } from './interruption.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Work that goes on until it is told to end, in a shell that can send signals. */
function start() {
  let listener: ((signal: StopSignal) => void) | undefined;
  let finish: (value: string) => void = () => {};
  const written: string[] = [];
  const exits: number[] = [];
  const io = {
    writeError: (text: string) => written.push(text),
    onInterrupt: (given: typeof listener) => {
      listener = given;
      return () => {
        listener = undefined;
      };
    },
    exitNow: (code: number) => exits.push(code),
  } as unknown as CommandIo;
  let aborted = false;
  const ended = interruptible(io, (signal) => {
    signal.addEventListener('abort', () => {
      aborted = true;
    });
    return new Promise<string>((resolve) => {
      finish = resolve;
    });
  });
  return {
    send: (signal: StopSignal) => listener?.(signal),
    finish: (value: string) => finish(value),
    ended,
    written,
    exits,
    isAborted: () => aborted,
    isListening: () => listener !== undefined,
  };
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s lets the work end and is named', async (signal) => {
  const { send, finish, ended, exits, isAborted, isListening } = start();
  send(signal);
  expect(isAborted()).toBe(true);
  finish('stored');
  expect(await ended).toEqual({ result: 'stored', stopSignal: signal });
  expect(exits).toEqual([]);
  expect(isListening()).toBe(false);
});

test('a second signal ends at once, with a code of its own', () => {
  const { send, written, exits } = start();
  send('SIGTERM');
  vi.advanceTimersByTime(250);
  expect(written.at(-1)).toBe('Send the signal again to stop at once.\n');
  send('SIGINT');
  expect(exits).toEqual([130]);
});

test('one Ctrl-C that npm passes on as well counts once', () => {
  const { send, written, exits } = start();
  send('SIGINT');
  vi.advanceTimersByTime(20);
  send('SIGINT');
  expect(exits).toEqual([]);
  vi.advanceTimersByTime(250);
  expect(written.at(-1)).toBe('Press Ctrl-C again to stop at once.\n');
  send('SIGINT');
  expect(exits).toEqual([130]);
});

test('a terminal that is closed hangs up more than once', () => {
  const { send, exits } = start();
  send('SIGHUP');
  vi.advanceTimersByTime(250);
  send('SIGHUP');
  expect(exits).toEqual([]);
});

test('without a signal nothing is said', async () => {
  const { finish, ended, written } = start();
  finish('done');
  expect(await ended).toEqual({ result: 'done', stopSignal: undefined });
  expect(written).toEqual([]);
});
