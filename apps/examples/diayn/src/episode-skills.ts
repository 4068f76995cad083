import type { AgentPart } from '@maxent/agents';
import { type Rng, type Snapshot, SnapshotMismatchError, showStored } from '@maxent/core';
import * as z from 'zod';

/** The skill that each environment's running episode follows. It belongs to the agent's state. */
export class EpisodeSkills implements AgentPart {
  private running = new Map<number, number>();
  private readonly schema: z.ZodType<Record<string, number>>;

  /** @param streamIn the random stream that draws skills for an environment. */
  constructor(
    private readonly count: number,
    private readonly streamIn: (environment: number) => Rng,
  ) {
    const skill = z
      .int()
      .nonnegative()
      .max(count - 1);
    this.schema = z.record(z.string().regex(/^(0|[1-9]\d*)$/), skill);
  }

  /** The skill of this environment's episode, drawn uniformly when an episode first asks. */
  in(environment = 0): number {
    const known = this.running.get(environment);
    if (known !== undefined) return known;
    const drawn = this.streamIn(environment).integer(this.count);
    this.running.set(environment, drawn);
    return drawn;
  }

  /** The next call of `in` begins another episode. */
  end(environment = 0): void {
    this.running.delete(environment);
  }

  save(): Snapshot {
    return { arrays: {}, metadata: { running: Object.fromEntries(this.running) } };
  }

  load({ metadata }: Snapshot): void {
    const { data } = this.schema.safeParse(metadata.running);
    if (data === undefined) {
      throw new SnapshotMismatchError(
        `diayn: expected a skill below ${this.count} for each environment, got ${showStored(metadata.running)}`,
      );
    }
    this.running = new Map(Object.entries(data).map(([environment, skill]) => [Number(environment), skill]));
  }
}
