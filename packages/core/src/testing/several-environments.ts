import type { Agent } from '../agent.js';
import { flatCopy, sameNumbers } from '../checker/value-sentences.js';
import { Rng } from '../random/rng.js';
import { showValue } from '../show-value.js';
import { snapshotsEqual } from '../snapshot.js';
import { ensure } from './checklist.js';
import { ensureContinues, ensureSameLessons, type Spaces, teach } from './lessons.js';
import { storedCopy } from './values.js';

interface Trial {
  readonly make: (seed?: number) => Promise<Agent>;
  readonly spaces: Spaces;
  readonly steps: number;
  readonly half: number;
}

const ENVIRONMENTS = [0, 1, 2];
/** An agent that forgets nothing on loading would still have something of the last two. */
const OTHER_ENVIRONMENTS = [0, 3, 4];
const OTHER_SEED = 4;
const DRAWS = 8;

/** The rules for agents whose definition says `severalEnvironments`. */
export const SEVERAL_ENVIRONMENTS_RULES: Readonly<Record<string, (trial: Trial) => Promise<void>>> = {
  'environment 0 is the same as none': async ({ make, spaces, steps }) => {
    const [untold, told] = [await make(), await make()];
    ensureSameLessons(
      'an agent that is told its environment',
      teach(untold, spaces, 0, steps),
      teach(told, spaces, 0, steps, { environments: [0] }),
    );
    ensure(
      snapshotsEqual(storedCopy(untold.save()), storedCopy(told.save())),
      () => 'after equal experience, an agent that is told its environment, 0, saves a different state',
    );
  },
  'what is drawn for one environment does not depend on the others': async ({ make, spaces, half }) => {
    for (const rounds of [0, half]) {
      const agent = await make();
      teach(agent, spaces, 0, rounds, { environments: ENVIRONMENTS });
      const snapshot = storedCopy(agent.save());
      const together = actionsIn(agent, spaces, ENVIRONMENTS);
      for (const environment of ENVIRONMENTS) {
        const other = await make(OTHER_SEED);
        other.load(snapshot);
        const alone = actionsIn(other, spaces, [environment]).get(environment)!;
        const found = together.get(environment)!;
        ensure(
          sameNumbers(alone, found),
          () =>
            `environment ${environment} has the actions ${showValue(alone)} alone, but ${showValue(found)} next to others; ` +
            'draw for each environment from a stream of its own',
        );
      }
    }
  },
  'save and load continue several environments bit for bit': async ({ make, spaces, half }) => {
    const middle = Math.ceil(half / 2);
    const teacher = { environments: ENVIRONMENTS };
    const agent = await make();
    teach(agent, spaces, 0, middle, teacher);
    const stored = storedCopy(agent.save());
    const tail = teach(agent, spaces, middle, half, teacher);
    const end = storedCopy(agent.save());
    const restored = await make(OTHER_SEED);
    teach(restored, spaces, 0, 3, { environments: OTHER_ENVIRONMENTS });
    ensureContinues(restored, { stored, tail, end }, () => teach(restored, spaces, middle, half, teacher));
  },
};

/** The numbers of some actions in each of these environments, drawn in turns. */
function actionsIn(
  agent: Agent,
  { observationSpace, actionSpace }: Spaces,
  environments: readonly number[],
): Map<number, Float64Array> {
  const drawn = new Map(
    environments.map((environment) => [environment, new Float64Array(DRAWS * actionSpace.flatSize)]),
  );
  for (let draw = 0; draw < DRAWS; draw++) {
    for (const [environment, numbers] of drawn) {
      const observation = observationSpace.sample(Rng.fromSeed(OTHER_SEED).split(draw));
      const action: unknown = agent.act(observation, { deterministic: false, environment });
      numbers.set(flatCopy(actionSpace, action), draw * actionSpace.flatSize);
    }
  }
  return drawn;
}
