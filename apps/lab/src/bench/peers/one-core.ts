import { readFileSync } from 'node:fs';
import { InvalidStateError } from '@maxent/core';

/** `command`, limited to one core. */
export function onCore(core: string, command: readonly string[]): string[] {
  return ['taskset', '-c', core, ...command];
}

/** The core to measure on: the last one that this process may use, because the first often serves interrupts. */
export function measuringCore(): string {
  let status: string;
  try {
    status = readFileSync('/proc/self/status', 'utf8');
  } catch (cause) {
    const problem = 'both sides are limited to the same core with taskset, which needs Linux';
    throw new InvalidStateError(problem, { cause });
  }
  return lastAllowedCore(status);
}

/** From the text of /proc/self/status. */
export function lastAllowedCore(status: string): string {
  const core = /^Cpus_allowed_list:.*?(\d+)$/m.exec(status)?.[1];
  if (core === undefined) {
    throw new InvalidStateError('/proc/self/status does not say which cores this process may use');
  }
  return core;
}
