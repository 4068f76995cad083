import {
  isFloat32Array,
  type ShapedArray,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
} from '@maxent/core';
import type { ActionCoordinates } from './action-coordinates.js';
import type { AgentPart } from './agent-parts.js';
import { environmentOf } from './environments.js';

/**
 * The coordinates of the action that an agent last drew in each environment. Where several coordinates give one action,
 * the action observed afterwards does not determine which ones it was made from. Recalling them changes nothing: they
 * are kept until the next draw in the same environment.
 */
export class DrawnActions<Action> implements AgentPart {
  private drawn = new Map<number, Float32Array>();
  /** Two actions being compared, reused from call to call. */
  private readonly given: Float64Array;
  private readonly made: Float64Array;

  constructor(
    private readonly space: Space<unknown>,
    private readonly actions: ActionCoordinates<Action>,
  ) {
    this.given = new Float64Array(space.flatSize);
    this.made = new Float64Array(space.flatSize);
  }

  remember(coordinates: Float32Array, environment = 0): void {
    this.drawn.set(environment, coordinates.slice());
  }

  /**
   * Writes the coordinates last drawn in the environment into `out`, if they give exactly this action, which belongs to
   * the space.
   */
  recall(action: Action, out: Float32Array, environment = 0): void {
    const drawn = this.drawn.get(environment);
    if (drawn === undefined) return;
    const { given, made } = this;
    this.space.flattenInto(action, given, 0);
    this.space.flattenInto(this.actions.decode(drawn), made, 0);
    if (made.every((value, i) => value === given[i])) out.set(drawn);
  }

  /** One array for each environment, named by its index. */
  save(): Snapshot {
    const arrays: Record<string, ShapedArray> = {};
    for (const [environment, drawn] of this.drawn) {
      arrays[environment] = { shape: [drawn.length], data: drawn.slice() };
    }
    return { arrays, metadata: {} };
  }

  /** Throws SnapshotMismatchError, changing nothing, if the snapshot holds something else. */
  load({ arrays }: Snapshot): void {
    this.drawn = new Map(
      Object.entries(arrays).map(([name, { data }]) => {
        const environment = environmentOf(name);
        if (environment === undefined) {
          throw new SnapshotMismatchError(
            `drawnActions: expected the index of an environment, got the name "${name}"`,
          );
        }
        if (!isFloat32Array(data) || data.length !== this.actions.size) {
          throw new SnapshotMismatchError(
            `drawnActions: expected ${this.actions.size} float32 numbers for environment ${environment}, got ${data.length} of type ${data.constructor.name}`,
          );
        }
        return [environment, data.slice()] as const;
      }),
    );
  }
}
