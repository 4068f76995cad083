import { crossQ, softActorCritic } from '@maxent/agents';
import { latentSpacePolicy } from '@maxent/hierarchy';
import { pearl } from '@maxent/meta';
import { halfCheetahDirectionFamily, halfCheetahVelocityFamily } from '@maxent/mujoco';
import type { RunConfig } from '@maxent/training';
import { findTask } from '../../bench/tasks.js';
import type { ExpectedSettings } from '../../results/stored-settings.js';

/** A learning curve of the plan, which has a run, or one for each level, for every seed. */
export interface PlannedCurve {
  /** Its runs are in `<name>/seed<N>`, with `levels` in `level-0` and `level-1` below. */
  readonly name: string;
  /** What a reader calls it. */
  readonly label: string;
  readonly agent: ExpectedSettings['agent'];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly environment: ExpectedSettings['environment'];
  /** Of the run, or of all levels together. */
  readonly steps: number;
  /** Of the levels of one directory, the lowest first. */
  readonly levels?: readonly Level[];
  /** Step of the one-level curve's checkpoint that a second level goes on from; its own steps are the rest. */
  readonly from?: number;
  readonly evaluation: RunConfig['evaluation'];
  readonly seeds: readonly number[];
}

interface Level {
  readonly steps: number;
  readonly level: NonNullable<RunConfig['level']>;
}

const THREE = [1, 2, 3];
const MILLION = 1_000_000;

/** Twenty evaluations of a million steps, ten of 100,000. */
const evaluationOf = (steps: number): RunConfig['evaluation'] => ({
  every: steps > 100_000 ? 50_000 : 10_000,
  episodes: 10,
});

type OfOneTask = Pick<PlannedCurve, 'name' | 'label' | 'agent' | 'settings'> &
  Partial<Pick<PlannedCurve, 'seeds' | 'levels' | 'from'>>;

const curveOn = (task: string, steps: number, own: OfOneTask): PlannedCurve => ({
  ...{ environment: findTask(task).definition, steps, evaluation: evaluationOf(steps), seeds: THREE },
  ...own,
});

/** The warm-up of the preset. */
const sac = { agent: softActorCritic, settings: { learningStarts: 10_000 } };

export const SAC_CHEETAH = curveOn('HalfCheetah-v5', MILLION, {
  ...{ ...sac, name: 'sac-half-cheetah', label: 'sac' },
});
export const SAC_HOPPER = curveOn('Hopper-v5', MILLION, {
  ...{ ...sac, name: 'sac-hopper', label: 'sac' },
});

/** Width of the critics that `sample-efficiency` compares with SAC. */
const crossQOn = (task: string, name: string): PlannedCurve =>
  curveOn(task, 300_000, {
    ...{ name, label: 'crossq', agent: crossQ },
    settings: { criticHiddenSizes: [256, 256], learningStarts: 5000 },
  });
export const CROSSQ_HUMANOID = crossQOn('Humanoid-v5', 'crossq-humanoid');
export const CROSSQ_ANT = crossQOn('Ant-v5', 'crossq-ant');
export const CROSSQ_WALKER = crossQOn('Walker2d-v5', 'crossq-walker');

const small = { hiddenSizes: [128, 128], batchSize: 128, learningStarts: 10_000 };
const flow = { agent: latentSpacePolicy, settings: { ...small, couplingLayers: 2 } };
const fourCouplings = {
  ...{ label: 'one level of four couplings', agent: latentSpacePolicy },
  settings: { ...small, couplingLayers: 4 },
};

const LOWEST: Level['level'] = { below: 0, sees: null, every: 1 };
/** Acts in the latents of the lowest level. */
const UPPER: Level['level'] = { ...LOWEST, below: 1 };
export const CONTINUED: Level['level'] = { ...UPPER, continued: 1 };

const halves = (steps: number, upper: Level['level']): Level[] => [
  { steps: steps / 2, level: LOWEST },
  { steps: steps / 2, level: upper },
];

/** A second level from a checkpoint of the one-level curve. */
const forked = (from: number, seeds: readonly number[]) => ({
  ...{ ...flow, name: `two-levels-from-${from / 1000}k`, from, seeds },
  label: `two levels, the second continued at ${from.toLocaleString('en-US')}`,
});

const onAnt = (own: OfOneTask): PlannedCurve =>
  curveOn('Ant-v5', MILLION, { ...own, name: `levels-ant/${own.name}` });

export const ANT = {
  oneLevel: onAnt({ ...flow, name: 'one-level', label: 'one level' }),
  twoLevels: onAnt(forked(500_000, THREE)),
  early: onAnt(forked(250_000, [1])),
  late: onAnt(forked(750_000, [1])),
  fourCouplings: onAnt({ ...fourCouplings, name: 'four-couplings' }),
  sac: onAnt({ name: 'sac', label: 'Gaussian sac', agent: softActorCritic, settings: small }),
};

/** Reward scale of the paper's form: that of the authors' last code for Ant. */
const REWARD_SCALE = 5;
const atScale = (rewardScale: number) => ({
  agent: latentSpacePolicy,
  settings: { ...flow.settings, temperature: 1, rewardScale },
});

/** At temperature 1, as in the paper: a second level on latents, and one level at twice the scale, its control. */
export const ANT_FIXED = {
  oneLevel: onAnt({
    ...atScale(REWARD_SCALE),
    ...{ name: 'fixed-one-level', label: `one level, temperature 1, rewards times ${REWARD_SCALE}` },
  }),
  twoLevels: onAnt({
    ...atScale(REWARD_SCALE),
    ...{ name: 'fixed-two-levels', label: `two levels, temperature 1, rewards times ${REWARD_SCALE}` },
    levels: halves(MILLION, UPPER),
  }),
  control: onAnt({
    ...atScale(2 * REWARD_SCALE),
    ...{ name: 'fixed-control', label: `one level, temperature 1, rewards times ${2 * REWARD_SCALE}` },
  }),
};

const onCheetah = (own: OfOneTask): PlannedCurve =>
  curveOn('HalfCheetah-v5', 100_000, { ...own, name: `levels-half-cheetah/${own.name}` });

export const CHEETAH = {
  oneLevel: onCheetah({ ...flow, name: 'one-level', label: 'one level' }),
  twoLevels: onCheetah({
    ...{ ...flow, name: 'two-levels', label: 'two levels, the second continued at 50,000' },
    levels: halves(100_000, CONTINUED),
  }),
};

const onHumanoid = (own: OfOneTask): PlannedCurve =>
  curveOn('Humanoid-v5', MILLION, { ...own, name: `levels-humanoid/${own.name}` });

export const HUMANOID = {
  oneLevel: onHumanoid({ ...flow, name: 'one-level', label: 'one level' }),
  twoLevels: onHumanoid(forked(500_000, THREE)),
  fourCouplings: onHumanoid({ ...fourCouplings, name: 'four-couplings' }),
};

const pearlOn = (
  family: typeof halfCheetahDirectionFamily | typeof halfCheetahVelocityFamily,
  place: string,
  steps: number,
) => {
  const preset = pearl.presets?.[`two-core-${family.id}` as keyof typeof pearl.presets];
  const curve = (name: string, label: string, taskInput: 'inferred' | 'told' | 'none'): PlannedCurve => ({
    ...{ name: `${place}/${name}`, label, agent: pearl, environment: family, steps, seeds: THREE },
    settings: { ...preset, taskInput },
    // After two that explore, the starts that are scored.
    evaluation: { every: 10_000, episodes: 2 + STARTS },
  });
  return {
    pearl: curve('pearl', 'pearl', 'inferred'),
    oracle: curve('oracle', 'oracle', 'told'),
    blind: curve('blind', 'task-blind', 'none'),
  };
};

/** Episodes in a test task that are scored; the belief has seen at least two others before. */
export const STARTS = 5;
export const DIRECTION = pearlOn(halfCheetahDirectionFamily, 'pearl-direction', 100_000);
export const VELOCITY = pearlOn(halfCheetahVelocityFamily, 'pearl-velocity', 108_000);
