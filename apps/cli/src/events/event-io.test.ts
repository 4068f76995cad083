import { expect, test } from 'vitest';
import type { CommandIo, StopSignal } from '../process/command-io.js';
import { ioWithLastEvent } from './event-io.js';
import { EventStream } from './event-stream.js';

/** A shell that can send signals, and what a command does to it, in order. */
function shell() {
  const listeners = new Set<(signal: StopSignal) => void>();
  const done: unknown[] = [];
  const outer = {
    writeOut: (text: string) => {
      const { type, outcome, stoppedBy, exitCode } = JSON.parse(text);
      done.push([type, outcome, stoppedBy, exitCode]);
    },
    onInterrupt: (listener: (signal: StopSignal) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exitNow: (code: number) => done.push(code),
  } as unknown as CommandIo;
  const { io, release } = ioWithLastEvent(outer, new EventStream(outer));
  const send = (signal: StopSignal): void => {
    for (const listener of listeners) listener(signal);
  };
  return { io, release, done, listeners, send };
}

test('a signal that nothing handles writes the last event and ends the process', () => {
  const { done, send, release, listeners } = shell();
  send('SIGTERM');
  expect(done).toEqual([['end', 'interrupted', 'SIGTERM', 143], 143]);
  release();
  expect(listeners.size).toBe(0);
});

test('events and the progress line do not share a screen', () => {
  const columnsOf = (screen: CommandIo['screen']) => {
    const io = {
      screen,
      get terminalColumns() {
        return 80;
      },
      onInterrupt: () => () => {},
    } as unknown as CommandIo;
    return ioWithLastEvent(io, new EventStream(io)).io.terminalColumns;
  };
  expect(columnsOf(undefined)).toBe(80);
  expect(columnsOf({ columns: 80, colors: false })).toBeUndefined();
});

test('a command that handles signals ends in its own way, at once after a second one', () => {
  const { io, done, send } = shell();
  const heard: StopSignal[] = [];
  const stop = io.onInterrupt((signal) => heard.push(signal));
  send('SIGINT');
  expect([heard, done]).toEqual([['SIGINT'], []]);
  io.exitNow(130);
  expect(done).toEqual([['end', 'interrupted', 'SIGINT', 130], 130]);
  stop();
  send('SIGINT');
  expect(heard).toHaveLength(1);
});
