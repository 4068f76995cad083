import {
  type ActOptions,
  type Agent,
  allocate,
  type NumericArray,
  Rng,
  type RngState,
  type RowLog,
  type Snapshot,
  type Transition,
  type UpdateResult,
} from '@maxent/core';

const STATES = 8;
const ACTIONS = 2;
const CAPACITY = 200;
const COLUMNS = {
  observation: { dataType: 'int32', width: 1 },
  action: { dataType: 'uint8', width: 1 },
  reward: { dataType: 'float64', width: 1 },
  nextObservation: { dataType: 'int32', width: 1 },
  terminated: { dataType: 'uint8', width: 1 },
} as const;
type Row = Record<keyof typeof COLUMNS, number>;

/** Q-learning from an experience replay; takes two gradient steps at every third environment step. */
export class TabularAgent implements Agent<number, number> {
  readonly values = new Float64Array(STATES * ACTIONS);
  private rng: Rng;
  private rows: Row[] = [];
  private appended = 0;
  disposed = false;

  constructor(seed: number) {
    this.rng = Rng.fromSeed(seed);
  }

  act(observation: number, { deterministic, rng = this.rng }: ActOptions): number {
    if (!deterministic && rng.uniform() < 0.3) return rng.integer(ACTIONS);
    return this.value(observation, 1) >= this.value(observation, 0) ? 1 : 0;
  }

  observe({ observation, action, reward, nextObservation, terminated }: Transition<number, number>): void {
    const row = { observation, action, reward, nextObservation, terminated: Number(terminated) };
    this.rows[this.appended % CAPACITY] = row;
    this.appended += 1;
  }

  update(): UpdateResult {
    if (this.appended < 40 || this.appended % 3 !== 0) return { gradientSteps: 0, metrics: () => ({}) };
    let loss = 0;
    for (let i = 0; i < 2; i++) loss = this.learn(this.rows[this.rng.integer(this.rows.length)]!);
    return { gradientSteps: 2, metrics: () => ({ loss, temperature: 1 / (1 + this.appended) }) };
  }

  private learn(row: Row): number {
    const next = Math.max(this.value(row.nextObservation, 0), this.value(row.nextObservation, 1));
    const target = row.reward + 0.95 * (row.terminated ? 0 : next);
    const index = row.observation * ACTIONS + row.action;
    const error = target - this.values[index]!;
    this.values[index] = this.values[index]! + 0.1 * error;
    return error * error;
  }

  private value(observation: number, action: number): number {
    return this.values[observation * ACTIONS + action]!;
  }

  save(): Snapshot {
    return {
      arrays: { values: { shape: [STATES, ACTIONS], data: this.values } },
      rows: { replay: this.log() },
      metadata: { rng: this.rng.state() },
    };
  }

  private log(): RowLog {
    const names = Object.keys(COLUMNS) as (keyof Row)[];
    const read = (from: number, to: number): Record<string, NumericArray> => {
      const rows = Array.from({ length: to - from }, (_, i) => this.rows[(from + i) % CAPACITY]!);
      return Object.fromEntries(
        names.map((name) => {
          const data = allocate(COLUMNS[name].dataType, rows.length);
          data.set(rows.map((row) => row[name]));
          return [name, data];
        }),
      );
    };
    return { columns: COLUMNS, capacity: CAPACITY, appended: this.appended, read };
  }

  load(snapshot: Snapshot): void {
    this.values.set(snapshot.arrays.values!.data);
    this.rng = Rng.fromState(snapshot.metadata.rng as unknown as RngState);
    const log = snapshot.rows!.replay!;
    this.appended = log.appended;
    const oldest = Math.max(0, log.appended - CAPACITY);
    const columns = log.read(oldest, log.appended) as Record<keyof Row, NumericArray>;
    for (let i = oldest; i < log.appended; i++) {
      const entries = Object.entries(columns).map(([name, data]) => [name, data[i - oldest]!]);
      this.rows[i % CAPACITY] = Object.fromEntries(entries) as Row;
    }
  }

  dispose(): void {
    this.disposed = true;
  }
}
