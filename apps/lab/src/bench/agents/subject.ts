import { QLearning, SoftQLearning } from '@maxent/agents';
import {
  type Agent,
  encodeSafetensors,
  type Metrics,
  parseConfig,
  Rng,
  type ShapedArray,
  type Transition,
} from '@maxent/core';
import { BenchmarkFailedError } from '../benchmark.js';
import type { AgentsAnswer, Updated } from './protocol.js';
import { REPLAY_ROWS, randomTransitions, type Workload } from './workloads.js';

const SEED = 1;

/** Our agent of a workload, with a full replay: an update is one gradient step, or one transition for a table. */
export class Subject {
  private updates = 0;

  private constructor(
    private readonly agent: Agent,
    private readonly transitions: readonly Transition[],
    private readonly workload: Workload,
    private readonly config: Record<string, unknown>,
  ) {}

  static async make(workload: Workload): Promise<Subject> {
    const { definition, settings, observationSpace, actionSpace } = workload;
    const config = parseConfig(definition.config, settings);
    const rng = Rng.fromSeed(SEED);
    const agent = await definition.create({ observationSpace, actionSpace, rng: rng.split('agent') }, config);
    const transitions = randomTransitions(workload, REPLAY_ROWS, rng.split('transitions'));
    // A table learns from a transition when it observes it, and keeps none.
    if (!isTable(agent)) for (const transition of transitions) agent.observe(transition);
    return new Subject(agent, transitions, workload, config);
  }

  /** What a counterpart needs: weights by name, transitions, and the configuration in the metadata. */
  exchanged(): Uint8Array {
    const { agent, transitions, workload, config } = this;
    const { observationSpace, actionSpace, definition } = workload;
    const rows = (width: number, write: (transition: Transition, row: Float32Array) => void): ShapedArray => {
      const data = new Float32Array(transitions.length * width);
      transitions.forEach((transition, i) => {
        write(transition, data.subarray(i * width, (i + 1) * width));
      });
      return { shape: [transitions.length, width], data };
    };
    const number = (value: (transition: Transition) => number) =>
      rows(1, (transition, row) => {
        row[0] = value(transition);
      });
    // As numbers, not one-hot.
    const sizeOf = (space: Workload['actionSpace']) => ('count' in space ? 1 : space.flatSize);
    const observations = (field: 'observation' | 'nextObservation') =>
      rows(sizeOf(observationSpace), (transition, row) => {
        row.set('count' in observationSpace ? [transition[field]] : transition[field]);
      });
    return encodeSafetensors({
      tensors: {
        ...agent.save().arrays,
        'replay/observations': observations('observation'),
        'replay/actions': rows(sizeOf(actionSpace), (transition, row) => {
          row.set('count' in actionSpace ? [transition.action] : transition.action);
        }),
        'replay/rewards': number(({ reward }) => reward),
        'replay/nextObservations': observations('nextObservation'),
        'replay/terminated': number(({ terminated }) => Number(terminated)),
      },
      metadata: {
        agent: definition.name,
        config: JSON.stringify(config),
        observationSize: String(observationSpace.flatSize),
        actionSize: String(actionSpace.flatSize),
      },
    });
  }

  /** Means of metrics over updates, or of a table after them. */
  answer(updates: number): AgentsAnswer {
    const sums: Record<string, number> = {};
    for (let i = 0; i < updates; i++) {
      for (const [name, value] of Object.entries(this.step()())) sums[name] = (sums[name] ?? 0) + value;
    }
    const { agent } = this;
    if (isTable(agent)) {
      const values = agent.actionValues();
      return Object.fromEntries(Array.from(values, (value, i) => [`value${i}`, value]));
    }
    return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / updates]));
  }

  updateFor(seconds: number): Updated {
    const start = performance.now();
    const end = start + 1000 * seconds;
    // The clock is not read at every update of a table, because reading it takes longer than the update.
    const chunk = isTable(this.agent) ? 1000 : 1;
    let updates = 0;
    for (; performance.now() < end; updates += chunk) for (let i = 0; i < chunk; i++) this.step();
    return { updates, seconds: (performance.now() - start) / 1000 };
  }

  dispose(): void {
    this.agent.dispose();
  }

  private step(): () => Metrics {
    const { agent } = this;
    if (isTable(agent)) agent.observe(this.transitions[this.updates % REPLAY_ROWS]!);
    const { gradientSteps, metrics } = agent.update();
    if (gradientSteps !== 1) {
      throw new BenchmarkFailedError(`an update took ${gradientSteps} gradient steps instead of 1`);
    }
    this.updates += 1;
    return metrics;
  }
}

function isTable(agent: Agent): agent is QLearning | SoftQLearning {
  return agent instanceof QLearning || agent instanceof SoftQLearning;
}
