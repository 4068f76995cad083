import { type Environment, type MetaAgent, Rng, type Transition } from '@maxent/core';
import type { AdaptationPlane, PlanePoint } from './planes.js';

/** Number of draws from a belief, each followed for an episode. */
const DRAWS = 40;

interface PlaneOptions {
  readonly agent: MetaAgent;
  readonly environment: Environment;
  readonly descriptor: readonly number[];
  /** The transitions in the task, episode by episode. */
  readonly episodes: readonly (readonly Transition[])[];
  /** Number of steps after which a path is cut off. */
  readonly maxSteps: number;
  readonly seed: number;
}

/**
 * The drawing for a world in which observations are places on a plane: the path of each episode, and the belief after
 * it, shown as the places where draws from the belief lead the agent from one start. Undefined in other worlds.
 */
export function planeOf(options: PlaneOptions): AdaptationPlane | undefined {
  const { environment, descriptor, episodes } = options;
  const { observationSpace } = environment;
  if (observationSpace.flatSize !== 2) return undefined;
  const placeOf = (observation: unknown): PlanePoint => {
    const point = new Float32Array(2);
    observationSpace.flattenInto(observation, point);
    return [point[0]!, point[1]!];
  };
  return {
    goal: descriptor.length === 2 ? [descriptor[0]!, descriptor[1]!] : undefined,
    prior: leadOf(options, -1).map(placeOf),
    episodes: episodes.map((episode, i) => ({
      path: [placeOf(episode[0]!.observation), ...episode.map((step) => placeOf(step.nextObservation))],
      led: leadOf(options, i).map(placeOf),
    })),
  };
}

/** Last observations of episodes on draws from the belief after episode `last`, or from the prior for -1. */
function leadOf(
  { agent, environment, descriptor, episodes, maxSteps, seed }: PlaneOptions,
  last: number,
): unknown[] {
  const rng = Rng.fromSeed(seed)
    .split('plane')
    .split(last < 0 ? 'prior' : last);
  const adaptation = agent.adapt({ descriptor, rng: rng.split('draws') });
  for (const episode of episodes.slice(0, last + 1)) {
    for (const transition of episode) adaptation.observe(transition);
  }
  if (adaptation.belief() === undefined) return [];
  const start = rng.split('start').uint32();
  return Array.from({ length: DRAWS }, () => {
    adaptation.beginEpisode({ explore: false });
    let { observation } = environment.reset({ seed: start });
    for (let ended = false, length = 0; !ended && length < maxSteps; length++) {
      const result = environment.step(adaptation.act(observation, { deterministic: true }));
      observation = result.observation;
      ended = result.terminated || result.truncated;
    }
    return observation;
  });
}
