import { type BoxArray, parseConfig, Rng } from '@maxent/core';
import { TimeLimit } from '@maxent/envs';
import { loadMujoco, type Mujoco, type MujocoEnvironment, type PhysicsState } from '@maxent/mujoco';
import { BenchmarkFailedError } from '../benchmark.js';
import { findTask } from '../tasks.js';
import type { Overhead } from './protocol.js';

const WARM_SECONDS = 1.5;
const WARM_STEPS = 50;
/** Processor time of one measurement: short, so that the two sides of a pair see the same machine. */
const BLOCK_SECONDS = 0.02;
const PAIRS = 41;

/** Tasks that observe or pay for contact forces, which MuJoCo computes on request. */
const CONTACT_FORCES: readonly string[] = ['Ant-v5', 'Humanoid-v5'];

/**
 * Steps from a seed on, and the physical states in which episodes start along the way, by the index of the next step.
 */
interface Stretch {
  readonly seed: number;
  readonly actions: readonly BoxArray[];
  readonly starts: ReadonlyMap<number, PhysicsState>;
}

/**
 * Whole steps of an environment, time limit and resets included, against only MuJoCo's own functions with the same
 * states and actions. The two take turns and are measured in this process's processor time, to which other processes on
 * the same core do not add. Throws BenchmarkFailedError if the two do not end in the same state.
 */
export async function measureOverhead(id: string): Promise<Overhead> {
  const { definition } = findTask(id);
  const options = parseConfig(definition.options, {}, id);
  const bare = (await definition.create(options)) as MujocoEnvironment;
  const environment = new TimeLimit(bare, definition.maxEpisodeSteps!);
  const alone = new MujocoAlone(
    await loadMujoco(),
    bare,
    Number(options.frameSkip),
    CONTACT_FORCES.includes(id),
  );

  const measure = (stretch: Stretch, turn: number): [whole: number, mujoco: number] => {
    const whole = () => secondsOf(() => play(environment, stretch));
    const mujoco = () => secondsOf(() => alone.play(stretch));
    const first = turn % 2 === 0 ? whole() : mujoco();
    const second = turn % 2 === 0 ? mujoco() : whole();
    if (!alone.isAt(bare.getPhysicsState())) {
      throw new BenchmarkFailedError(
        `${id}: MuJoCo alone ended in another state; expected the same, bit for bit`,
      );
    }
    return turn % 2 === 0 ? [first, second] : [second, first];
  };

  try {
    let spent = 0;
    let turns = 0;
    for (; spent < WARM_SECONDS; turns++) {
      const [whole, mujoco] = measure(record(environment, bare, turns, WARM_STEPS), turns);
      spent += whole + mujoco;
    }
    const steps = Math.ceil((BLOCK_SECONDS * 2 * turns * WARM_STEPS) / spent);
    const pairs = Array.from({ length: PAIRS }, (_, turn) =>
      measure(record(environment, bare, turn, steps), turn),
    );
    return {
      whole: pairs.map(([whole]) => whole / steps),
      mujoco: pairs.map(([, mujoco]) => mujoco / steps),
    };
  } finally {
    alone.delete();
    environment.close();
  }
}

type Limited = TimeLimit<BoxArray, BoxArray>;

function record(environment: Limited, bare: MujocoEnvironment, seed: number, steps: number): Stretch {
  const rng = Rng.fromSeed(seed).split('actions');
  const actions = Array.from({ length: steps }, () => environment.actionSpace.sample(rng));
  const starts = new Map<number, PhysicsState>();
  play(environment, { seed, actions, starts }, (step) => starts.set(step, bare.getPhysicsState()));
  return { seed, actions, starts };
}

function play(environment: Limited, { seed, actions }: Stretch, onReset?: (step: number) => void): void {
  environment.reset({ seed });
  onReset?.(0);
  let ended = false;
  for (let i = 0; i < actions.length; i++) {
    if (ended) {
      environment.reset();
      onReset?.(i);
    }
    const { terminated, truncated } = environment.step(actions[i]!);
    ended = terminated || truncated;
  }
}

/** A program that calls MuJoCo's WebAssembly directly. */
class MujocoAlone {
  private readonly model;
  private readonly data;
  private readonly qpos: Float64Array;
  private readonly qvel: Float64Array;
  private readonly ctrl: Float64Array;

  constructor(
    private readonly mujoco: Mujoco,
    { simulation }: MujocoEnvironment,
    private readonly frameSkip: number,
    private readonly contactForces: boolean,
  ) {
    this.model = simulation.model;
    this.data = new mujoco.MjData(this.model);
    this.qpos = this.data.qpos as Float64Array;
    this.qvel = this.data.qvel as Float64Array;
    this.ctrl = this.data.ctrl as Float64Array;
  }

  play({ actions, starts }: Stretch): void {
    const { mujoco, model, data } = this;
    for (let i = 0; i < actions.length; i++) {
      const start = starts.get(i);
      if (start !== undefined) {
        mujoco.mj_resetData(model, data);
        this.qpos.set(start.qpos);
        this.qvel.set(start.qvel);
        mujoco.mj_forward(model, data);
      }
      this.ctrl.set(actions[i]!);
      for (let k = 0; k < this.frameSkip; k++) mujoco.mj_step(model, data);
      if (this.contactForces) mujoco.mj_rnePostConstraint(model, data);
    }
  }

  isAt({ qpos, qvel }: PhysicsState): boolean {
    return this.qpos.every((x, i) => x === qpos[i]) && this.qvel.every((v, i) => v === qvel[i]);
  }

  delete(): void {
    this.data.delete();
  }
}

function secondsOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
