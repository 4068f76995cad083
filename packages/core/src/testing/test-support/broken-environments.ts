import type { Environment, ResetOptions, StepResult } from '../../environment.js';
import { Rng } from '../../random/rng.js';
import type { Snapshot } from '../../snapshot.js';
import { Box, type BoxArray } from '../../spaces/box.js';
import { Walk } from './walk.js';

type Step = StepResult<BoxArray>;

/** A Walk with changed step results. */
export function withResult(change: (result: Step, walk: Walk) => unknown): () => Environment {
  return () =>
    new (class extends Walk {
      override step(action: BoxArray): Step {
        return change(super.step(action), this) as Step;
      }
    })();
}

let lastStepped: JealousWalk | undefined;

/** Each of these walks moves back if another one was stepped since its own last step. */
class JealousWalk extends Walk {
  private fresh = true;
  override reset(options: ResetOptions) {
    this.fresh = true;
    return super.reset(options);
  }
  override step(action: BoxArray): Step {
    if (!this.fresh && lastStepped !== this) this.position *= 0.9;
    this.fresh = false;
    lastStepped = this;
    return super.step(action);
  }
  override setState(snapshot: Snapshot): void {
    super.setState!(snapshot);
    this.fresh = true;
  }
}

/** Environments that each break one rule: the rule, part of the message about it, and the environment. */
export const BROKEN_ENVIRONMENTS: readonly (readonly [
  rule: string,
  message: string,
  make: () => Environment,
])[] = [
  [
    'can be made and closed',
    'threw Error: no such file',
    () => {
      throw new Error('no such file');
    },
  ],
  [
    'spaces contain their samples',
    'observationSpace does not contain its sample Float64Array(1) [20]',
    () =>
      new (class extends Walk {
        override readonly observationSpace = new (class extends Box<'float32' | 'float64'> {
          override sample(): BoxArray {
            return Float64Array.of(20);
          }
        })({ low: [-10], high: [10], dataType: 'float64' });
      })(),
  ],
  [
    'spaces contain their samples',
    'observationSpace unflattens the flat form of',
    () =>
      new (class extends Walk {
        override readonly observationSpace = new (class extends Box<'float32' | 'float64'> {
          override unflatten(): BoxArray {
            return Float64Array.of(1);
          }
        })({ low: [-10], high: [10], dataType: 'float64' });
      })(),
  ],
  [
    'observations belong to the space and are finite',
    'step returned the observation Float64Array(1) [',
    () =>
      new (class extends Walk {
        override readonly observationSpace = new Box({ low: [-1], high: [1], dataType: 'float64' });
      })(),
  ],
  [
    'observations belong to the space and are finite',
    'reset returned the observation Float64Array(1) [Infinity]',
    () =>
      new (class extends Walk {
        override readonly observationSpace = new Box({
          low: [-Infinity],
          high: [Infinity],
          dataType: 'float64',
        });
        override reset(options: ResetOptions) {
          return { ...super.reset(options), observation: Float64Array.of(Infinity) };
        }
      })(),
  ],
  [
    'observations belong to the space and are finite',
    'not in Box(1, float64): entry 0 is 11, outside [-10, 10]',
    withResult((result) => ({ ...result, observation: Float64Array.of(11) })),
  ],
  [
    'observations have the shape of the space',
    'step returned an observation that does not fit Box(1, float64): expected a flat list of 1 number for Box(1, float64), got Float64Array(2)',
    withResult((result, walk) => ({ ...result, observation: Float64Array.of(walk.position, 0) })),
  ],
  [
    'observations have the shape of the space',
    'expected a Float32Array or Float64Array, got [',
    withResult((result, walk) => ({ ...result, observation: [walk.position] })),
  ],
  [
    'observations have the shape of the space',
    'observationSpace is undefined, which is not a space',
    () => Object.assign(new Walk(), { observationSpace: undefined }) as unknown as Environment,
  ],
  [
    'observations have the shape of the space',
    'actionSpace is undefined, which is not a space',
    () => Object.assign(new Walk(), { actionSpace: undefined }) as unknown as Environment,
  ],
  [
    'observations have the data type of the space',
    'step returned float32 where the space says float64',
    withResult((result) => ({ ...result, observation: Float32Array.from(result.observation) })),
  ],
  [
    'environments do not disturb each other',
    'an environment, while another one was stepped, diverged',
    () => new JealousWalk(),
  ],
  [
    'rewards are finite, flags boolean, infos objects',
    'step returned the reward NaN',
    withResult((result) => ({ ...result, reward: Number.NaN })),
  ],
  [
    'rewards are finite, flags boolean, infos objects',
    'step returned truncated undefined',
    withResult((result) => ({ ...result, truncated: undefined })),
  ],
  [
    'rewards are finite, flags boolean, infos objects',
    'step returned terminated 0',
    withResult((result) => ({ ...result, terminated: result.terminated ? 1 : 0 })),
  ],
  [
    'rewards are finite, flags boolean, infos objects',
    'step returned the info undefined',
    withResult((result) => ({ ...result, info: undefined })),
  ],
  [
    'equal seeds give equal episodes',
    'the same environment, reset with the same seed diverged at event 1',
    () =>
      new (class extends Walk {
        private wear = 0;
        override step(action: BoxArray): Step {
          this.wear += 1e-9;
          const result = super.step(action);
          return { ...result, reward: result.reward - this.wear };
        }
        // Restoring the wear keeps the other rules.
        override getState(): Snapshot {
          const { arrays, metadata } = super.getState!();
          return { arrays, metadata: { ...metadata, wear: this.wear } };
        }
        override setState(snapshot: Snapshot): void {
          super.setState!(snapshot);
          this.wear = snapshot.metadata.wear as number;
        }
      })(),
  ],
  [
    'if no seed was ever given, seed 0 is used',
    'an environment that was never given a seed diverged at event 0',
    () =>
      new (class extends Walk {
        override rng = Rng.fromSeed(99);
      })(),
  ],
  [
    'different seeds give different episodes',
    'four seeds gave the same observations and rewards',
    () =>
      new (class extends Walk {
        override reset({ seed }: ResetOptions = {}) {
          return super.reset(seed === undefined ? {} : { seed: 0 });
        }
      })(),
  ],
  [
    'observations belong to the caller',
    'observation 0 changed when the environment went on',
    () =>
      new (class extends Walk {
        private readonly buffer = new Float64Array(1);
        override observe(): BoxArray {
          this.buffer[0] = this.position;
          return this.buffer;
        }
      })(),
  ],
  [
    'observations belong to the caller',
    'whose observations the caller overwrote diverged',
    () =>
      new (class extends Walk {
        private last: BoxArray = Float64Array.of(0);
        override observe(): BoxArray {
          this.last = Float64Array.of(this.position);
          return this.last;
        }
        override step(action: BoxArray): Step {
          if (this.running) this.position = this.last[0]!;
          return super.step(action);
        }
        override setState(snapshot: Snapshot): void {
          super.setState!(snapshot);
          this.observe();
        }
      })(),
  ],
  [
    'actions are left alone',
    'step wrote into the action',
    () =>
      new (class extends Walk {
        override step(action: BoxArray): Step {
          const result = super.step(action);
          action[0]! *= 0.5;
          return result;
        }
      })(),
  ],
  [
    'malformed actions are refused',
    'step(Float32Array(1) [NaN]): expected SpaceMismatchError, but nothing was thrown',
    () =>
      new (class extends Walk {
        override step(action: BoxArray): Step {
          const usable = action instanceof Float32Array && action.length === 1 && Number.isNaN(action[0]!);
          return super.step(usable ? Float32Array.of(0) : action);
        }
      })(),
  ],
  [
    'malformed actions are refused',
    'step(undefined): expected SpaceMismatchError, but it threw TypeError',
    () =>
      new (class extends Walk {
        override step(action: BoxArray): Step {
          return super.step(action.slice());
        }
      })(),
  ],
  [
    'step needs a running episode',
    'step before the first reset: expected InvalidStateError, but nothing was thrown',
    () =>
      new (class extends Walk {
        override running = true;
      })(),
  ],
  [
    'step needs a running episode',
    "step after an episode's end: expected InvalidStateError, but nothing was thrown",
    () =>
      new (class extends Walk {
        private begun = false;
        override reset(options: ResetOptions) {
          this.begun = true;
          return super.reset(options);
        }
        override step(action: BoxArray): Step {
          if (this.begun) this.running = true;
          return super.step(action);
        }
      })(),
  ],
  [
    'getState and setState continue bit for bit',
    'only getState exists; implement both or neither',
    () => Object.assign(new Walk(), { setState: undefined }) as unknown as Environment,
  ],
  [
    'getState and setState continue bit for bit',
    'a new environment after setState diverged',
    () =>
      new (class extends Walk {
        override setState(snapshot: Snapshot): void {
          const { rng } = this;
          super.setState!(snapshot);
          this.stale = rng;
          this.fresh = false;
        }
        private stale = this.rng;
        private fresh = true;
        override step(action: BoxArray): Step {
          if (!this.fresh) this.rng = this.stale;
          this.fresh = true;
          return super.step(action);
        }
      })(),
  ],
  [
    'getState and setState continue bit for bit',
    'getState right after setState returns a different state',
    () =>
      new (class extends Walk {
        override setState(snapshot: Snapshot): void {
          super.setState!(snapshot);
          this.position = Math.fround(this.position);
        }
      })(),
  ],
  [
    'getState and setState continue bit for bit',
    'an environment after getState diverged',
    () =>
      new (class extends Walk {
        override getState(): Snapshot {
          this.rng.uint32();
          return super.getState!();
        }
      })(),
  ],
  [
    'getState and setState continue bit for bit',
    'the state that getState returned changed',
    () =>
      new (class extends Walk {
        private readonly live = new Float64Array(1);
        override getState(): Snapshot {
          const { metadata } = super.getState!();
          this.live[0] = this.position;
          return { arrays: { position: { shape: [1], data: this.live } }, metadata };
        }
        override step(action: BoxArray): Step {
          const result = super.step(action);
          this.live[0] = this.position;
          return result;
        }
      })(),
  ],
  [
    'getState and setState continue bit for bit',
    "step after restoring an episode's end: expected InvalidStateError",
    () =>
      new (class extends Walk {
        override getState(): Snapshot {
          const { arrays, metadata } = super.getState!();
          return { arrays, metadata: { ...metadata, running: true } };
        }
      })(),
  ],
  [
    'observe shows the state that was set',
    'an environment after observe diverged',
    () =>
      new (class extends Walk {
        private fresh = true;
        override setState(snapshot: Snapshot): void {
          super.setState!(snapshot);
          this.fresh = false;
        }
        override observe(): BoxArray {
          // The first observe after setState draws a random number.
          if (!this.fresh) this.rng.uint32();
          this.fresh = true;
          return super.observe();
        }
        override step(action: BoxArray): Step {
          this.fresh = true;
          return super.step(action);
        }
        override reset(options?: ResetOptions) {
          this.fresh = true;
          return super.reset(options);
        }
      })(),
  ],
  [
    'observe shows the state that was set',
    'it returned undefined, which is not in Box(1, float64)',
    () =>
      new (class extends Walk {
        private fresh = true;
        override setState(snapshot: Snapshot): void {
          super.setState!(snapshot);
          this.fresh = false;
        }
        override observe(): BoxArray {
          return this.fresh ? super.observe() : (undefined as unknown as BoxArray);
        }
        override step(action: BoxArray): Step {
          this.fresh = true;
          return super.step(action);
        }
        override reset(options?: ResetOptions) {
          this.fresh = true;
          return super.reset(options);
        }
      })(),
  ],
  [
    'pictures are SVG documents and change nothing',
    'after a reset, render: <svg> is not closed',
    () =>
      new (class extends Walk {
        override render() {
          return '<svg viewBox="0 0 1 1">';
        }
      })(),
  ],
  [
    'pictures are SVG documents and change nothing',
    'render returned 3, not the text of an SVG document',
    () =>
      new (class extends Walk {
        override render() {
          return 3 as unknown as string;
        }
      })(),
  ],
  [
    'pictures are SVG documents and change nothing',
    'an environment that was drawn diverged',
    () =>
      new (class extends Walk {
        override async render() {
          const picture = await super.render();
          this.rng.uint32();
          return picture;
        }
      })(),
  ],
  [
    'pictures are SVG documents and change nothing',
    'two pictures of one state differ',
    () =>
      new (class extends Walk {
        private drawn = 0;
        override async render() {
          return (await super.render()).replace('circle', `circle id="a${this.drawn++}"`);
        }
      })(),
  ],
  [
    'nothing runs after close, which may be called again',
    'threw Error: closed twice',
    () =>
      new (class extends Walk {
        private closings = 0;
        override close(): void {
          this.closings += 1;
          super.close();
          // The kit itself closes once more at the end, so this throws only at the second call.
          if (this.closings === 2) throw new Error('closed twice');
        }
      })(),
  ],
  [
    'nothing runs after close, which may be called again',
    'step after close: expected InvalidStateError, but nothing was thrown',
    () =>
      new (class extends Walk {
        override close(): void {}
      })(),
  ],
];
