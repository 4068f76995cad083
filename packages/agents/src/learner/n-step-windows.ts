import { joinSnapshots, type Snapshot } from '@maxent/core';
import { type AgentPart, mergeSnapshots } from './agent-parts.js';
import { readOthers } from './environments.js';
import { NStepWindow, type NStepWindowOptions } from './n-step-window.js';
import { requirePart } from './snapshot-parts.js';

/** A window for each of several environments: no sum of rewards crosses from one to another. */
export class NStepWindows implements AgentPart {
  private windows = new Map<number, NStepWindow>();

  constructor(private readonly options: NStepWindowOptions) {}

  /** The window of an environment, made when it is first asked for. */
  of(environment = 0): NStepWindow {
    const known = this.windows.get(environment);
    if (known !== undefined) return known;
    const window = new NStepWindow(this.options);
    this.windows.set(environment, window);
    return window;
  }

  /** The window of environment 0 as if it were alone, and under `environments` those of others in which steps wait. */
  save(): Snapshot {
    const first = this.of(0).save();
    const others = [...this.windows].filter(([environment, window]) => environment > 0 && !window.empty);
    if (others.length === 0) return first;
    const saved = others.map(([environment, window]) => [environment, window.save()] as const);
    return mergeSnapshots([first, joinSnapshots({ environments: joinSnapshots(Object.fromEntries(saved)) })]);
  }

  /** Throws SnapshotMismatchError, changing nothing, if the snapshot does not come from windows like these. */
  load(snapshot: Snapshot): void {
    const name = 'n-step windows';
    const { environments } = snapshot.metadata;
    const windows = readOthers(environments, `${name}: environments`, (_, environment) => {
      const others = requirePart(snapshot, 'environments', name);
      return this.loaded(requirePart(others, String(environment), name));
    });
    windows.set(0, this.loaded(snapshot));
    this.windows = windows;
  }

  private loaded(snapshot: Snapshot): NStepWindow {
    const window = new NStepWindow(this.options);
    window.load(snapshot);
    return window;
  }
}
