import type { ActOptions, Transition, UpdateResult } from '../../agent.js';
import type { AgentContext } from '../../plugin.js';
import type { Snapshot } from '../../snapshot.js';
import type { BoxArray } from '../../spaces/box.js';
import type { AgentFactory } from '../check-agent.js';
import { buffers, Learner } from './learner.js';

type Seen = Transition<BoxArray, BoxArray>;

/** A Learner with changed metrics or gradient step counts. */
function withUpdate(change: (result: UpdateResult) => UpdateResult): AgentFactory {
  return (context) =>
    new (class extends Learner {
      override update(): UpdateResult {
        return change(super.update());
      }
    })(context);
}

/** A Learner that counts and saves how often it was asked in this way. */
function counting(counts: (options: ActOptions) => boolean): AgentFactory {
  return (context) =>
    new (class extends Learner {
      private asked = 0;
      override act(observation: BoxArray, options: ActOptions): BoxArray {
        if (counts(options)) this.asked += 1;
        return super.act(observation, options);
      }
      override save(): Snapshot {
        const snapshot = super.save();
        return { ...snapshot, metadata: { ...snapshot.metadata, asked: this.asked } };
      }
      override load(snapshot: Snapshot): void {
        super.load(snapshot);
        this.asked = Number(snapshot.metadata.asked);
      }
    })(context);
}

/** State that these agents share and should not. */
const shared = { offset: 0, unseeded: 0 };

/** Agents that each break one rule: the rule, part of the message about it, and the agent. */
export const BROKEN_AGENTS: readonly (readonly [rule: string, message: string, create: AgentFactory])[] = [
  [
    'can be made and disposed',
    'threw Error: no memory',
    () => {
      throw new Error('no memory');
    },
  ],
  [
    'actions belong to the space',
    'deterministic act returned Float32Array(2) [2, 2], which is not in Box(2, float32)',
    (context) =>
      new (class extends Learner {
        override act(observation: BoxArray, options: ActOptions): BoxArray {
          return options.deterministic ? Float32Array.of(2, 2) : super.act(observation, options);
        }
      })(context),
  ],
  [
    'a deterministic action repeats, draws nothing and changes nothing',
    'first Float64Array(2) [0, 0], then Float64Array(2) [0.5, 0.5]',
    (context) =>
      new (class extends Learner {
        private asked = 0;
        override act(observation: BoxArray, options: ActOptions): BoxArray {
          if (!options.deterministic) return super.act(observation, options);
          this.asked += 1;
          return Float32Array.of(1, 1).fill(this.asked > 1 ? 0.5 : 0);
        }
      })(context),
  ],
  [
    'a deterministic action repeats, draws nothing and changes nothing',
    'it drew 1 words from the given rng',
    (context) =>
      new (class extends Learner {
        override act(observation: BoxArray, options: ActOptions): BoxArray {
          if (options.deterministic) options.rng?.uint32();
          return super.act(observation, options);
        }
      })(context),
  ],
  [
    'a deterministic action repeats, draws nothing and changes nothing',
    'it changed the saved state',
    counting(({ deterministic }) => deterministic),
  ],
  [
    'an action drawn from a given rng depends on it alone and changes nothing',
    'the same rng gave',
    (context) =>
      new (class extends Learner {
        private asked = 0;
        override act(observation: BoxArray, options: ActOptions): BoxArray {
          const action = super.act(observation, options);
          if (options.rng === undefined || options.deterministic) return action;
          this.asked += 1;
          return action.fill(1 / this.asked);
        }
      })(context),
  ],
  [
    'an action drawn from a given rng depends on it alone and changes nothing',
    'it changed the saved state',
    counting(({ deterministic, rng }) => !deterministic && rng !== undefined),
  ],
  [
    'actions asked for between act and observe change nothing',
    'an agent that is asked for other actions before observe differs in round',
    (context) =>
      new (class extends Learner {
        private last: BoxArray | undefined;
        override act(observation: BoxArray, options: ActOptions): BoxArray {
          this.last = observation;
          return super.act(observation, options);
        }
        override observe(transition: Seen): void {
          super.observe({ ...transition, observation: this.last! });
        }
      })(context),
  ],
  [
    'update counts gradient steps and gives finite metrics',
    'update returned 0.5 gradient steps',
    withUpdate(({ gradientSteps, metrics }) => ({ gradientSteps: gradientSteps / 2, metrics })),
  ],
  [
    'update counts gradient steps and gives finite metrics',
    'metric loss is NaN',
    withUpdate(({ gradientSteps }) => ({ gradientSteps, metrics: () => ({ loss: Number.NaN }) })),
  ],
  [
    'update counts gradient steps and gives finite metrics',
    'no gradient step in the first half of 40 rounds',
    withUpdate(() => ({ gradientSteps: 0, metrics: () => ({}) })),
  ],
  [
    'equal seeds give equal agents',
    'two agents of the same seed save different states',
    (context) => {
      shared.unseeded += 1;
      const serial = shared.unseeded;
      return new (class extends Learner {
        private readonly serial = serial;
        private loaded: number | undefined;
        override save(): Snapshot {
          const { metadata, ...rest } = super.save();
          return { ...rest, metadata: { ...metadata, serial: this.loaded ?? this.serial } };
        }
        override load(snapshot: Snapshot): void {
          super.load(snapshot);
          this.loaded = snapshot.metadata.serial as number;
        }
      })(context);
    },
  ],
  [
    'observations, actions and transitions belong to the caller',
    'act wrote into the observation',
    (context) =>
      new (class extends Learner {
        override act(observation: BoxArray, options: ActOptions): BoxArray {
          const action = super.act(observation, options);
          if (options.deterministic) observation[0]! *= 0.5;
          return options.deterministic ? action.fill(0) : action;
        }
      })(context),
  ],
  [
    'observations, actions and transitions belong to the caller',
    'an agent whose transitions the caller overwrote differs in round',
    (context) =>
      new (class extends Learner {
        private pending: Seen | undefined;
        override observe(transition: Seen): void {
          this.pending = transition;
          super.observe(transition);
        }
        override update(): UpdateResult {
          if (this.pending !== undefined) {
            this.observed -= 1;
            super.observe(this.pending);
            this.pending = undefined;
          }
          return super.update();
        }
      })(context),
  ],
  [
    'save and load continue bit for bit',
    'an agent after save differs in round',
    (context) =>
      new (class extends Learner {
        private saved = false;
        override save(): Snapshot {
          this.saved = true;
          return super.save();
        }
        override act(observation: BoxArray, options: ActOptions): BoxArray {
          const action = super.act(observation, options);
          return this.saved && !options.deterministic && options.rng === undefined ? action.fill(0) : action;
        }
      })(context),
  ],
  [
    'save and load continue bit for bit',
    'arrays that save returned changed when the agent went on',
    (context) =>
      new (class extends Learner {
        override save(): Snapshot {
          const { arrays, ...rest } = super.save();
          return { ...rest, arrays: { weights: { ...arrays.weights!, data: this.weights } } };
        }
      })(context),
  ],
  [
    'save and load continue bit for bit',
    'a new agent after load differs in round',
    (context) =>
      new (class extends Learner {
        private momentum = 0;
        override update(): UpdateResult {
          this.momentum += 0.01;
          this.weights[0]! += this.momentum;
          return super.update();
        }
      })(context),
  ],
  [
    'save and load continue bit for bit',
    'save right after load returns a different state',
    (context) =>
      new (class extends Learner {
        override load(snapshot: Snapshot): void {
          super.load(snapshot);
          this.rng = context.rng.split('other');
        }
      })(context),
  ],
  [
    'save and load continue bit for bit',
    'the loaded agent saves a different state from the original',
    (context) =>
      new (class extends Learner {
        // It saves and loads its counts, but only an agent that was never loaded goes on counting.
        private updates = 0;
        private loaded = false;
        override update(): UpdateResult {
          if (!this.loaded) this.updates += 1;
          return super.update();
        }
        override save(): Snapshot {
          const { metadata, ...rest } = super.save();
          return { ...rest, metadata: { ...metadata, updates: this.updates } };
        }
        override load(snapshot: Snapshot): void {
          super.load(snapshot);
          this.updates = snapshot.metadata.updates as number;
          this.loaded = true;
        }
      })(context),
  ],
  [
    'a snapshot without its rows acts the same',
    'acting must not need the rows of a snapshot',
    (context) =>
      new (class extends Learner {
        override act(observation: BoxArray, options: ActOptions): BoxArray {
          const action = super.act(observation, options);
          return this.observed === 0 ? new Float32Array(action.length) : action;
        }
      })(context),
  ],
  [
    'a snapshot of something else is refused',
    'load of an empty snapshot: expected SnapshotMismatchError, but it threw TypeError',
    (context) =>
      new (class extends Learner {
        override load(snapshot: Snapshot): void {
          if (snapshot.arrays.weights!.data.length > 0) super.load(snapshot);
        }
      })(context),
  ],
  [
    'spaces it does not support are refused',
    'expected SpaceMismatchError, but it threw TypeError',
    (context) => {
      // Reads a Box's bounds before checking that the space is a Box.
      const { actionSpace } = context as AgentContext & { actionSpace: { low: Float64Array } };
      if (actionSpace.low.length === 0) throw new Error('no actions');
      return new Learner(context);
    },
  ],
  [
    'dispose leaves other agents alone',
    'an agent whose neighbor was disposed differs in round 20',
    (context) => {
      shared.offset = 0;
      const { offset } = shared;
      return new (class extends Learner {
        override act(observation: BoxArray, options: ActOptions): BoxArray {
          const action = super.act(observation, options);
          return shared.offset === offset ? action : action.fill(shared.offset);
        }
        override dispose(): void {
          shared.offset = 0.5;
          super.dispose();
        }
      })(context);
    },
  ],
  [
    'no tensors are left behind',
    'tensors while learning became',
    (context) =>
      new (class extends Learner {
        private leaked = 0;
        override update(): UpdateResult {
          this.leaked += 1;
          buffers.live += 1;
          return super.update();
        }
        override dispose(): void {
          buffers.live -= this.leaked;
          super.dispose();
        }
      })(context),
  ],
  [
    'no tensors are left behind',
    '1 tensors are left after dispose',
    (context) =>
      new (class extends Learner {
        override dispose(): void {}
      })(context),
  ],
];
