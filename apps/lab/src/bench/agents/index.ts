import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { broken, type Check } from '../../checks.js';
import { describeMachine, type MeasuredKernels, packageDirectory } from '../../machine.js';
import type { BenchAnswer, Benchmark, BenchOptions, BenchRow } from '../benchmark.js';
import { type Contender, measureInterleaved } from '../interleave.js';
import { kernelsHere } from '../kernel-choices.js';
import { measuringCore, onCore } from '../peers/one-core.js';
import { WorkerProcess } from '../peers/worker-process.js';
import { updateFlops } from '../sac-update/flop-count.js';
import { speedCheck } from '../speed-limit.js';
import { crossQMultiplyAdds, type StepSizes, sacMultiplyAdds } from './arithmetic.js';
import { type Comparison, comparisons } from './comparisons.js';
import { answerDifference } from './difference.js';
import { energyFlowFlops } from './energy-flow-flops.js';
import type { AgentsAnswer, AgentsDescription, AgentsRequest, Updated } from './protocol.js';

const ROUNDS = 7;
const WARM_SECONDS = 2;
const MEASURED_SECONDS = 0.5;
/** Number of updates for which metrics are compared. */
const ANSWER_UPDATES = 200;

export interface AgentsBenchAnswer extends BenchAnswer {
  readonly checks: readonly Check[];
  /** Peers that could not be measured here, with Python's message. */
  readonly missing: readonly { readonly peer: string; readonly reason: string }[];
}

/** The sizes at which sac, crossq and meow are measured: those of HalfCheetah. */
const sizes = { batchSize: 256, observationSize: 17, actionSize: 6, hiddenSizes: [256, 256] };
const flowSizes = { ...sizes, flowHiddenSizes: [64, 64], couplingLayers: 4, couplingHiddenSize: 64 };
const gigaFlops = (operations: number): string => (operations / 1e9).toFixed(3);

/** `lab bench agents`: updates per second of every agent and of its counterparts, all on the same core. */
export const agents: Benchmark = {
  description: 'Updates per second of every agent: ours against Stable-Baselines3 and PyTorch',
  run,
};

async function run({ python, progress }: BenchOptions): Promise<AgentsBenchAnswer> {
  const core = measuringCore();
  const interpreter = python ?? process.env.MAXENT_PYTHON ?? 'python3';
  const directory = await mkdtemp(join(tmpdir(), 'maxent-bench-agents-'));
  const bench = new AgentsBench(core, interpreter, directory, progress);
  try {
    for (const comparison of comparisons) await bench.compare(comparison);
  } finally {
    await rm(directory, { recursive: true });
  }
  return bench.answer();
}

class AgentsBench {
  private readonly rows: BenchRow[] = [];
  private readonly ratios: Record<string, number> = {};
  private readonly checks: Check[] = [];
  private readonly versions: Record<string, string> = {};
  private readonly missing = new Map<string, string>();
  private kernels: MeasuredKernels | undefined;
  /** The kernels to measure with, the best first. */
  private readonly choices = kernelsHere();

  constructor(
    private readonly core: string,
    private readonly interpreter: string,
    private readonly directory: string,
    private readonly progress: BenchOptions['progress'],
  ) {}

  /** Starts all sides from the same weights and replay, compares their updates, and measures them. */
  async compare({ workload, label, name, table = false, counterparts }: Comparison): Promise<void> {
    const path = join(this.directory, `${workload}.safetensors`);
    const started: WorkerProcess[] = [];
    const start = (program: string, file: string, ...options: readonly string[]): WorkerProcess => {
      const command = [program, join(packageDirectory, file), ...options];
      const side = WorkerProcess.start(onCore(this.core, command));
      started.push(side);
      return side;
    };
    try {
      const own = (table ? this.choices.slice(0, 1) : this.choices).map((kernels) => ({
        suffix: kernels === this.choices[0] ? '' : ' on wasm',
        worker: start(process.execPath, 'dist/agents-worker.js', workload, kernels),
      }));
      const [first] = own;
      const ours = first!.worker;
      const { versions, kernels } = await ours.requireDescription<AgentsDescription>();
      Object.assign(this.versions, versions);
      this.kernels ??= kernels;
      await ask(ours, { command: 'exchange', path });
      const answer: AgentsRequest = { command: 'answer', updates: ANSWER_UPDATES };
      const ownAnswer = await ask<AgentsAnswer>(ours, answer);
      const labelOf = ({ suffix }: { suffix: string }): string => `${label}: maxent${suffix}`;
      const contenders = own.map((side) => updating(side.worker, labelOf(side)));
      const opponents: { readonly rowLabel: string; readonly ratio: string; readonly peer: string }[] = [];
      for (const { peer, label: peerLabel, name: peerName, agreement } of counterparts) {
        const theirs = start(this.interpreter, 'peers/agents_worker.py', peer);
        if (!(await this.isThere(peer, theirs))) continue;
        this.progress?.(`${label}: comparing the updates of ${peerLabel} with ours`);
        await ask(theirs, { command: 'exchange', path });
        if (agreement !== undefined) {
          const value = answerDifference(await ask<AgentsAnswer>(theirs, answer), ownAnswer);
          const check = `${name}${peerName}Difference`;
          this.ratios[check] = value;
          this.checks.push({ name: check, value, limit: agreement, must: 'be at most' });
        }
        const rowLabel = `${label}: ${peerLabel}`;
        contenders.push(updating(theirs, rowLabel));
        opponents.push({ rowLabel, ratio: `OursOver${peerName}`, peer });
      }
      const rows = await measureInterleaved(contenders, { rounds: ROUNDS, progress: this.progress });
      this.rows.push(...rows);
      const medianOf = (wanted: string) => rows.find((row) => row.label === wanted)!.median;
      for (const { rowLabel, ratio, peer } of opponents) {
        for (const side of own) {
          const ratioName = `${name}${side === first ? '' : 'Wasm'}${ratio}`;
          const value = medianOf(labelOf(side)) / medianOf(rowLabel);
          this.ratios[ratioName] = value;
          if (side === first && !table && peer !== 'python') {
            this.checks.push(...speedCheck(ratioName, value, this.kernels!));
          }
        }
      }
    } finally {
      await Promise.all(started.map((side) => side.close()));
    }
  }

  answer(): AgentsBenchAnswer {
    const { rows, ratios, checks, versions, core, interpreter } = this;
    const missing = Array.from(this.missing, ([peer, reason]) => ({ peer, reason }));
    return {
      name: 'agents',
      machine: describeMachine(this.kernels),
      versions,
      rows,
      ratios,
      checks,
      failures: broken(checks),
      missing,
      notes: [
        `every process on core ${core} alone, torch with one thread; medians of ${ROUNDS} alternating runs`,
        "an update draws a minibatch from a replay of 10,000 transitions and takes one gradient step; a table's update learns from one transition",
        ...arithmeticNotes(),
        'sac, crossq and sql: 17 observations and 6 actions; sac and crossq: batch 256, hidden layers 256 and 256; sql: batch 128, hidden layers 128 and 128, 16 actions for each value, 8 fixed and 8 moved particles, uniform proposals on both sides',
        'meow: 17 observations and 6 actions, batch 256, hidden layers 256 and 256 of the shifts, 64 and 64 of the prior and of what the couplings read; 4 additive couplings',
        'dqn, soft-dqn, discrete-sac: 4 observations, 2 actions, batch 128, hidden layers 128 and 128; tables: 16 states, 4 actions',
        "PyTorch: written for this benchmark (peers/agents_reference.py) from the papers, in the style of CleanRL's scripts, which cannot be installed; PyTorch's default autograd and Adam",
        'ours with the kernels of the addon, if it is there, and with those in WebAssembly',
        '"...OursOver...": updates per second, above 1 if we are faster, "...WasmOursOver...": without the addon; "...Difference": the largest between means of metrics over the first 200 updates from the same weights, or between tables',
        `matrix products of an update: sac ${gigaFlops(updateFlops(sizes))}, meow ${gigaFlops(energyFlowFlops(flowSizes))} GFLOP`,
        ...missing.map(({ peer, reason }) => `${peer} is missing (${interpreter}): ${reason}`),
      ],
    };
  }

  private async isThere(peer: string, worker: WorkerProcess): Promise<boolean> {
    const description = await worker.describe<AgentsDescription>();
    if ('missing' in description) {
      this.missing.set(peer, description.missing);
      return false;
    }
    for (const [name, version] of Object.entries(description.versions)) {
      this.versions[`${peer}: ${name}`] = version;
    }
    return true;
  }
}

/** What the updates of actor-critics need. */
function arithmeticNotes(): string[] {
  const sizesOf = (width: number): StepSizes => ({ ...sizes, criticHiddenSizes: [width, width] });
  const sac = sacMultiplyAdds(sizesOf(256));
  const rows = [
    ['sac', sac],
    ...[256, 512].map((width) => [`crossq, critics of ${width}`, crossQMultiplyAdds(sizesOf(width), 3)]),
  ] as [string, number][];
  return rows.map(
    ([name, count]) =>
      `${name}: ${Math.round(count / 1e6)} million multiply-adds of dense layers per update, ${(count / sac).toFixed(2)} times sac`,
  );
}

function updating(worker: WorkerProcess, label: string): Contender {
  const updateFor = async (duration: number): Promise<number> => {
    const { updates, seconds } = await ask<Updated>(worker, { command: 'update', seconds: duration });
    return updates / seconds;
  };
  return {
    label,
    unit: 'updates/s',
    warmUp: async () => {
      await updateFor(WARM_SECONDS);
    },
    measure: () => updateFor(MEASURED_SECONDS),
  };
}

function ask<Reply = object>(worker: WorkerProcess, request: AgentsRequest): Promise<Reply> {
  return worker.request<Reply>(request);
}
