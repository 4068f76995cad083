import type { RunEvent, RunListener } from '@maxent/core';

/** Tells the listeners of a run what happens in it. */
export class RunMessages {
  private readonly said = new Set<string>();

  constructor(
    private readonly listeners: readonly RunListener[] | undefined,
    private readonly step: () => number,
  ) {}

  emit(event: RunEvent): void {
    for (const listener of this.listeners ?? []) listener(event);
  }

  warn(message: string): void {
    this.emit({ type: 'warning', step: this.step(), message });
  }

  /** Warns only at the first call with `key`. */
  warnOnce(key: string, message: string): void {
    if (this.said.has(key)) return;
    this.said.add(key);
    this.warn(message);
  }
}
