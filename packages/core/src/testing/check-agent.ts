import type { Agent } from '../agent.js';
import { actionOutside, countProblem, WROTE_INTO_OBSERVATION } from '../checker/agent-sentences.js';
import { snapshotProblem } from '../checker/snapshot-sentences.js';
import { flatCopy, sameNumbers } from '../checker/value-sentences.js';
import { parseConfig } from '../config.js';
import { isMaxentError } from '../errors.js';
import type { AgentContext, AgentDefinition } from '../plugin.js';
import { Rng } from '../random/rng.js';
import { showValue } from '../show-value.js';
import { snapshotsEqual, withoutRows } from '../snapshot.js';
import { Box } from '../spaces/box.js';
import { Dict } from '../spaces/dict.js';
import { Discrete } from '../spaces/discrete.js';
import { Checklist, type ConformanceReport, ensure, ensureNone, ensureThrows, skip } from './checklist.js';
import { ensureContinues, ensureSameLessons, type Spaces, teach, unseenObservation } from './lessons.js';
import { SEVERAL_ENVIRONMENTS_RULES } from './several-environments.js';
import { scribble, storedCopy } from './values.js';

export interface CheckAgentOptions extends Partial<Spaces> {
  /** Names the agent in messages. Default: the definition's name, or `agent`. */
  readonly name?: string;
  /** For definitions: choose values that make the agent small and let it learn within `steps` rounds. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** How many rounds of act, observe and update per trial; the agent must learn in both halves. Default 40. */
  readonly steps?: number;
  /** Counts live tensors, such as `() => tf.memory().numTensors`, to find what `dispose` or `update` leaks. */
  readonly countTensors?: () => number;
}

export type AgentFactory = (context: AgentContext) => Agent | Promise<Agent>;

const DEFAULT_STEPS = 40;
const SEED = 3;

/**
 * Tests an agent against the contract of `Agent` with made-up experience, on the given spaces (default: observations
 * Box(3), actions Box(2) in [-1, 1]), in several environments too if its definition says `severalEnvironments`. Throws
 * ConformanceError that lists every violated rule.
 */
export async function checkAgent(
  // biome-ignore lint/suspicious/noExplicitAny: a definition with any schema.
  agent: AgentDefinition<any> | AgentFactory,
  options: CheckAgentOptions = {},
): Promise<ConformanceReport> {
  const { steps = DEFAULT_STEPS, countTensors } = options;
  const create: AgentFactory =
    typeof agent === 'function'
      ? agent
      : (context) => agent.create(context, parseConfig(agent.config, options.config ?? {}));
  const spaces: Spaces = {
    observationSpace: options.observationSpace ?? new Box({ low: -1, high: 1, shape: [3] }),
    actionSpace: options.actionSpace ?? new Box({ low: -1, high: 1, shape: [2] }),
  };
  const list = new Checklist(options.name ?? (typeof agent === 'function' ? 'agent' : agent.name));
  const trial = { create, spaces, steps, half: Math.ceil(steps / 2), countTensors };
  await list.rule('can be made and disposed', () => disposingAll(trial, async (make) => void (await make())));
  const several = typeof agent !== 'function' && agent.severalEnvironments === true;
  if (list.clean) {
    for (const [title, check] of Object.entries({ ...RULES, ...(several && SEVERAL_ENVIRONMENTS_RULES) })) {
      await list.rule(title, () => disposingAll(trial, (make) => check({ ...trial, make })));
    }
  }
  return list.finish();
}

interface Setting {
  readonly create: AgentFactory;
  readonly spaces: Spaces;
  readonly steps: number;
  readonly half: number;
  readonly countTensors: (() => number) | undefined;
}

interface Trial extends Setting {
  /** Makes a new agent, which is disposed when the rule ends. */
  readonly make: (seed?: number) => Promise<Agent>;
}

const RULES: Readonly<Record<string, (trial: Trial) => Promise<void>>> = {
  'actions belong to the space': async ({ make, spaces, steps }) => {
    const agent = await make();
    const check = (what: string) => (action: unknown) =>
      ensureNone(actionOutside(what, spaces.actionSpace, action));
    teach(agent, spaces, 0, steps, { onAction: check('act') });
    const observation = unseenObservation(spaces);
    check('deterministic act')(agent.act(observation, { deterministic: true }));
    check('act with an rng')(agent.act(observation, { deterministic: false, rng: Rng.fromSeed(SEED) }));
  },
  'a deterministic action repeats, draws nothing and changes nothing': async ({ make, spaces, steps }) => {
    const agent = await make();
    teach(agent, spaces, 0, steps);
    const before = storedCopy(agent.save());
    const rng = Rng.fromSeed(SEED);
    const act = (options: { rng?: Rng }) =>
      flatCopy(spaces.actionSpace, agent.act(unseenObservation(spaces), { deterministic: true, ...options }));
    const first = act({});
    for (const again of [act({}), act({ rng })]) {
      ensure(sameNumbers(first, again), () => `first ${showValue(first)}, then ${showValue(again)}`);
    }
    ensure(rng.state().drawn === 0, () => `it drew ${rng.state().drawn} words from the given rng`);
    ensure(snapshotsEqual(storedCopy(agent.save()), before), () => 'it changed the saved state');
  },
  'an action drawn from a given rng depends on it alone and changes nothing': async ({
    make,
    spaces,
    steps,
  }) => {
    const agent = await make();
    teach(agent, spaces, 0, steps);
    const before = storedCopy(agent.save());
    const act = () =>
      flatCopy(
        spaces.actionSpace,
        agent.act(unseenObservation(spaces), { deterministic: false, rng: Rng.fromSeed(SEED) }),
      );
    const [first, second] = [act(), act()];
    ensure(
      sameNumbers(first, second),
      () => `the same rng gave ${showValue(first)}, then ${showValue(second)}`,
    );
    ensure(snapshotsEqual(storedCopy(agent.save()), before), () => 'it changed the saved state');
  },
  'actions asked for between act and observe change nothing': async ({ make, spaces, steps }) => {
    const [agent, asked] = [await make(), await make()];
    const observation = unseenObservation(spaces);
    const expected = teach(agent, spaces, 0, steps);
    const found = teach(asked, spaces, 0, steps, {
      onAction: () => {
        asked.act(observation, { deterministic: true });
        asked.act(observation, { deterministic: false, rng: Rng.fromSeed(SEED) });
      },
    });
    ensureSameLessons('an agent that is asked for other actions before observe', expected, found);
  },
  'update counts gradient steps and gives finite metrics': async ({ make, spaces, steps, half }) => {
    const agent = await make();
    const lessons = teach(agent, spaces, 0, steps);
    for (const { gradientSteps, metrics } of lessons) {
      ensureNone(countProblem(gradientSteps));
      const bad = Object.entries(metrics).find(([, value]) => !Number.isFinite(value));
      ensure(bad === undefined, () => `metric ${bad![0]} is ${showValue(bad![1])}`);
    }
    for (const [name, part] of [
      ['first', lessons.slice(0, half)],
      ['second', lessons.slice(half)],
    ] as const) {
      ensure(
        part.some(({ gradientSteps }) => gradientSteps > 0),
        () =>
          `no gradient step in the ${name} half of ${steps} rounds, so little was tested; pass a config with which the agent learns sooner, or more steps`,
      );
    }
  },
  'equal seeds give equal agents': async ({ make, spaces, steps }) => {
    const [first, second] = [await make(), await make()];
    ensureSameLessons('a second agent', teach(first, spaces, 0, steps), teach(second, spaces, 0, steps));
    ensure(
      snapshotsEqual(storedCopy(first.save()), storedCopy(second.save())),
      () => 'after equal experience, two agents of the same seed save different states',
    );
  },
  'observations, actions and transitions belong to the caller': async ({ make, spaces, steps }) => {
    const [agent, scribbled] = [await make(), await make()];
    const expected = teach(agent, spaces, 0, steps);
    const found = teach(scribbled, spaces, 0, steps, { afterObserve: scribble });
    ensureSameLessons('an agent whose transitions the caller overwrote', expected, found);
    const observation = unseenObservation(spaces);
    const numbers = flatCopy(spaces.observationSpace, observation);
    agent.act(observation, { deterministic: true });
    ensure(
      sameNumbers(flatCopy(spaces.observationSpace, observation), numbers),
      () => WROTE_INTO_OBSERVATION,
    );
  },
  'save and load continue bit for bit': async (trial) => {
    const { make, spaces, steps, half } = trial;
    const agent = await make();
    const head = teach(agent, spaces, 0, half);
    const snapshot = agent.save();
    ensureNone(snapshotProblem('save', snapshot));
    const stored = storedCopy(snapshot);
    const tail = teach(agent, spaces, half, steps);
    const untouched = teach(await make(), spaces, 0, steps);
    ensureSameLessons('an agent after save', untouched, [...head, ...tail]);
    ensure(
      snapshotsEqual({ ...storedCopy({ ...snapshot, rows: {} }) }, { ...stored, rows: {} }),
      () => 'arrays that save returned changed when the agent went on; return copies',
    );
    const end = storedCopy(agent.save());
    for (const lessonsBefore of [0, 3]) {
      const restored = await make(SEED + 1);
      teach(restored, spaces, 0, lessonsBefore);
      ensureContinues(restored, { stored, tail, end }, () => teach(restored, spaces, half, steps));
    }
  },
  'a snapshot without its rows acts the same': async ({ make, spaces, steps }) => {
    const agent = await make();
    teach(agent, spaces, 0, steps);
    const act = (policy: Agent) =>
      flatCopy(spaces.actionSpace, policy.act(unseenObservation(spaces), { deterministic: true }));
    const expected = act(agent);
    const restored = await make(SEED + 1);
    restored.load(withoutRows(storedCopy(agent.save())));
    const found = act(restored);
    ensure(
      sameNumbers(expected, found),
      () =>
        `the agent acts ${showValue(expected)}, but ${showValue(found)} after loading without its experience; acting must ` +
        'not need the rows of a snapshot',
    );
  },
  'a snapshot of something else is refused': async ({ make }) => {
    const agent = await make();
    ensureThrows('load of an empty snapshot', 'SNAPSHOT_MISMATCH', () =>
      agent.load({ arrays: {}, rows: {}, metadata: {} }),
    );
  },
  'spaces it does not support are refused': async ({ create }) => {
    const exotic = new Dict({ part: new Dict({ choice: new Discrete(2) }) });
    const rng = Rng.fromSeed(SEED);
    try {
      const agent = await create({ observationSpace: exotic, actionSpace: exotic, rng });
      agent.dispose();
    } catch (error) {
      const found = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      ensure(
        isMaxentError(error, 'SPACE_MISMATCH'),
        () => `made for ${exotic.toString()}, expected SpaceMismatchError, but it threw ${found}`,
      );
    }
  },
  'dispose leaves other agents alone': async ({ make, create, spaces, steps, half }) => {
    const expected = teach(await make(), spaces, 0, steps);
    const agent = await make();
    const other = await create(contextOf(spaces, SEED + 1));
    const head = teach(agent, spaces, 0, half);
    teach(other, spaces, 0, half);
    other.dispose();
    ensureSameLessons('an agent whose neighbor was disposed', expected, [
      ...head,
      ...teach(agent, spaces, half, steps),
    ]);
  },
  'no tensors are left behind': async ({ create, spaces, steps, half, countTensors }) => {
    if (countTensors === undefined) skip('no countTensors was passed');
    const live = async (): Promise<void> => {
      const agent = await create(contextOf(spaces, SEED));
      teach(agent, spaces, 0, half);
      const learning = countTensors();
      teach(agent, spaces, half, steps);
      agent.act(unseenObservation(spaces), { deterministic: true });
      agent.load(storedCopy(agent.save()));
      const learned = countTensors();
      agent.dispose();
      // Fewer is not a leak: an agent may hold statistics of its last update, which loading drops.
      ensure(learned <= learning, () => `${learning} tensors while learning became ${learned}`);
    };
    // A backend may keep its own tensors after the first use.
    await live();
    const before = countTensors();
    await live();
    ensure(countTensors() === before, () => `${countTensors() - before} tensors are left after dispose`);
  },
};

function contextOf(spaces: Spaces, seed: number): AgentContext {
  return { ...spaces, rng: Rng.fromSeed(seed) };
}

/** Gives `check` a way to make agents, and disposes them afterwards. */
async function disposingAll(
  { create, spaces }: Setting,
  check: (make: Trial['make']) => Promise<void>,
): Promise<void> {
  const made: Agent[] = [];
  try {
    await check(async (seed = SEED) => {
      const agent = await create(contextOf(spaces, seed));
      made.push(agent);
      return agent;
    });
  } finally {
    for (const agent of made) agent.dispose();
  }
}
