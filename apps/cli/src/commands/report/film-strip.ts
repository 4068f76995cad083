import { isMaxentError, type Policy, type Registry } from '@maxent/core';
import { evaluate } from '@maxent/training';
import type { StoredRun } from '@maxent/training/node';
import type { FilmStrip } from '@maxent/training/report';
import { drawer } from '../../runs/drawer.js';
import { withActingRun } from '../acting-run.js';
import type { CommandContext } from '../command.js';

/** How many pictures of an episode are kept, besides the last. */
const MOST_PICTURES = 12;
/** As `maxent eval` and `maxent watch` have it unless told otherwise. */
const SEED = 1;

/**
 * Pictures of one episode of a run's best policy; undefined if there is none, or nothing to see. What keeps it from being
 * drawn is a warning: the report does not depend on it.
 */
export async function filmStrip(
  runDir: string,
  run: StoredRun,
  registry: Registry,
  context: CommandContext,
): Promise<FilmStrip | undefined> {
  const { agent, environment, family } = run.config;
  if (family || (await run.bestStep()) === undefined) return undefined;
  try {
    registry.agent(agent.name);
    registry.environment(environment.id);
    return await filmed(runDir, registry, context);
  } catch (error) {
    if (!isMaxentError(error)) throw error;
    const remedy = isMaxentError(error, 'UNKNOWN_NAME')
      ? ' If it is of a plugin, name that with --plugin.'
      : '';
    context.io.writeError(`warning: no pictures of the best policy: ${error.message}${remedy}\n`);
    return undefined;
  }
}

function filmed(runDir: string, registry: Registry, context: CommandContext): Promise<FilmStrip | undefined> {
  const plan = {
    forFamilies: 'maxent adapt --html',
    chooseCheckpoint: async (run: StoredRun) => (await run.actingCheckpoint('best'))!,
  };
  const options = { runDir, seed: SEED, stochastic: false, noCheck: true };
  const acting = { ...context, runPlugins: async () => ({ registry }) };
  return withActingRun(options, plan, acting, async ({ config, step, environment, policy, watch }) => {
    if (environment.render === undefined) return undefined;
    const draw = drawer(environment, config.environment.id);
    const film = new Film(draw);
    const watched: Policy = {
      act(observation, actOptions) {
        film.pass();
        return policy.act(observation, actOptions);
      },
    };
    const { returns, lengths } = await evaluate({
      policy: watched,
      environment,
      episodes: 1,
      seed: SEED,
      deterministic: true,
      evalMaxSteps: config.evalMaxSteps,
      ...watch,
    });
    const pictures = [...(await film.pictures()), { step: lengths[0]!, svg: await draw() }];
    return { step, seed: SEED, return: returns[0]!, length: lengths[0]!, pictures };
  });
}

/** Draws every step, every second, every fourth, ... of an episode whose length nobody knows before its end. */
class Film {
  private passed = 0;
  private every = 1;
  private kept: { readonly step: number; readonly drawn: Promise<string> }[] = [];

  constructor(private readonly draw: () => Promise<string>) {}

  /** Called before each step. */
  pass(): void {
    const step = this.passed++;
    if (step % this.every !== 0) return;
    this.kept.push({ step, drawn: this.draw() });
    if (this.kept.length <= MOST_PICTURES) return;
    this.every *= 2;
    this.kept = this.kept.filter(({ step: at }) => at % this.every === 0);
  }

  async pictures(): Promise<{ readonly step: number; readonly svg: string }[]> {
    return Promise.all(this.kept.map(async ({ step, drawn }) => ({ step, svg: await drawn })));
  }
}
