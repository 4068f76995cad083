import {
  type BackendReport,
  describeAddon,
  describeBackends,
  type SelectBackendOptions,
  selectBackend,
} from '@maxent/backend';
import { broken, type Check } from '../../checks.js';
import { describeKernels, describeMachine, describeVersions } from '../../machine.js';
import { median } from '../../statistics.js';
import type { BenchAnswer, Benchmark, BenchOptions, BenchRow } from '../benchmark.js';
import type { UpdateSizes } from '../sac-update/flop-count.js';
import { gradientDistances, networkDistance, networks } from './distances.js';
import { type Arrays, inPermutedOrder, runTrial } from './trial.js';

/** Small enough that the plain cpu backend takes 200 updates in a minute; large enough that sums are long. */
const sizes: UpdateSizes = { batchSize: 64, observationSize: 17, actionSize: 6, hiddenSizes: [128, 128] };
const SEEDS = [1, 2, 3];
const [FIRST, EARLY, LATE] = [1, 20, 200] as const;
const GRADIENT_LIMIT = 1e-5;
const EARLY_LIMIT = 1e-4;
const FLOOR_FACTOR = 10;

/** Contenders: `wasm` with the kernels in WebAssembly, `addon` with those as machine code on the same backend. */
const selections = {
  cpu: { prefer: 'cpu' },
  wasm: { prefer: 'wasm', kernels: 'wasm' },
  addon: { prefer: 'wasm', kernels: 'addon' },
  native: { prefer: 'native' },
} as const satisfies Record<string, SelectBackendOptions>;

type Contender = keyof typeof selections;

type Trials = ReadonlyMap<number, Arrays>;

/** `lab bench backends`: the same seeds on cpu, wasm, addon and native, and how far apart they come. */
export const backends: Benchmark = {
  description:
    'The same SAC updates from the same seeds on cpu, wasm, addon and native: how far apart they end up',
  run,
};

async function run({ progress }: BenchOptions): Promise<BenchAnswer> {
  const found = describeBackends();
  const native = found.find(({ name }) => name === 'native')!;
  const addon = describeAddon();
  const there = { cpu: true, wasm: true, addon: addon.available, native: native.available };
  const names = (Object.keys(selections) as Contender[]).filter((name) => there[name]);
  const reports = new Map<Contender, BackendReport>();
  const checks: Check[] = [];
  const runs = new Map<string, number[]>();
  const note = (label: string, value: number): void => {
    runs.set(label, [...(runs.get(label) ?? []), value]);
  };

  for (const seed of SEEDS) {
    const trials = new Map<Contender, Trials>();
    for (const name of names) {
      progress?.(`seed ${seed}: ${LATE} updates on ${name}`);
      reports.set(name, await selectBackend(selections[name]));
      trials.set(name, runTrial({ sizes, seed, fused: name !== 'cpu', after: [FIRST, EARLY, LATE] }));
    }
    progress?.(`seed ${seed}: the floor, composed operations with hidden units permuted and not`);
    await selectBackend(selections.wasm);
    const composed = runTrial({ sizes, seed, fused: false, after: [LATE] }).get(LATE)!;
    const permuted = runTrial({ sizes, seed, fused: false, after: [LATE], permuted: true }).get(LATE)!;
    const floors = new Map(
      networks.map((network) => [
        network,
        networkDistance(permuted, inPermutedOrder(composed, seed), network),
      ]),
    );
    for (const network of networks) note(`floor after ${LATE}: ${network}`, floors.get(network)!);

    for (const [one, other] of pairs(names)) {
      const at = (name: Contender, updates: number): Arrays => trials.get(name)!.get(updates)!;
      const title = `${one} against ${other}`;
      const equal = haveSameRounding(reports.get(one)!, reports.get(other)!);
      for (const [tensor, value] of Object.entries(gradientDistances(at(one, FIRST), at(other, FIRST)))) {
        note(`first gradients, ${title}`, value);
        checks.push({
          name: `seed ${seed}, ${title}, first gradient of ${tensor}`,
          value,
          limit: equal ? 0 : GRADIENT_LIMIT,
          must: 'be at most',
        });
      }
      for (const network of networks) {
        const early = networkDistance(at(one, EARLY), at(other, EARLY), network);
        const late = networkDistance(at(one, LATE), at(other, LATE), network);
        note(`after ${EARLY}, ${title}: ${network}`, early);
        note(`after ${LATE}, ${title}: ${network}`, late);
        const name = `seed ${seed}, ${title}, ${network} after`;
        checks.push(
          { name: `${name} ${EARLY}`, value: early, limit: equal ? 0 : EARLY_LIMIT, must: 'be at most' },
          {
            name: `${name} ${LATE}`,
            value: late,
            limit: equal ? 0 : FLOOR_FACTOR * floors.get(network)!,
            must: 'be at most',
          },
        );
      }
    }
  }

  const rows: BenchRow[] = [...runs].map(([label, values]) => ({
    label,
    median: median(values),
    unit: 'relative L2',
    runs: values,
  }));
  const { batchSize, observationSize, actionSize, hiddenSizes } = sizes;
  return {
    name: 'backends',
    machine: describeMachine(reports.get('wasm')),
    versions: {
      ...describeVersions(),
      ...Object.fromEntries([...reports.values()].map(({ name, version }) => [`tfjs ${name}`, version])),
      ...(native.available && { tensorflow: reports.get('native')!.tensorflow! }),
    },
    rows: rows.sort((a, b) => (a.label < b.label ? -1 : 1)),
    ratios: {},
    failures: broken(checks),
    notes: [
      `SAC, batch ${batchSize}, ${observationSize} observations, ${actionSize} actions, hidden layers ${hiddenSizes.join(' and ')}; seeds ${SEEDS.join(', ')}`,
      `first gradients: one value per tensor and seed, limit ${GRADIENT_LIMIT}; after ${EARLY} updates: all parameters of a network, limit ${EARLY_LIMIT}`,
      `after ${LATE} updates the limit is ${FLOOR_FACTOR} times the floor of that seed and network: two runs of composed`,
      'operations on wasm, one of them with its hidden units in another order, which changes nothing but rounding',
      addon.available
        ? `addon: ${describeKernels({ threads: 1, ...reports.get('addon')! })}; must equal wasm to the last bit if both round alike`
        : `the addon is absent: ${addon.reason}`,
      ...(native.available ? [] : [`native is absent: ${native.reason}`]),
    ],
  };
}

/** Kernels of the same rounding give the same numbers. */
function haveSameRounding(one: BackendReport, other: BackendReport): boolean {
  return one.rounding !== undefined && one.rounding === other.rounding;
}

/** Each later contender against each earlier one. */
function pairs(names: readonly Contender[]): [Contender, Contender][] {
  return names.flatMap((other, i) => names.slice(i + 1).map((one): [Contender, Contender] => [one, other]));
}
