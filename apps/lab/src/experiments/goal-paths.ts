import { type Agent, type Environment, Rng } from '@maxent/core';

/** Paths that a policy takes through the multi-goal world, drawn from it, not its mode. */
export interface GoalPaths {
  /** How many paths end at each goal: east, west, north, south. */
  readonly reached: readonly number[];
  readonly paths: number;
  /** The first paths, as places to a hundredth, for a picture. */
  readonly drawn: readonly (readonly (readonly [number, number])[])[];
}

const GOALS = 4;
const DRAWN = 40;

export function followPaths(agent: Agent, environment: Environment, paths: number, seed: number): GoalPaths {
  const root = Rng.fromSeed(seed).split('paths');
  const [starts, rng] = [root.split('start'), root.split('action')];
  const reached = new Array<number>(GOALS).fill(0);
  const drawn: (readonly [number, number])[][] = [];
  for (let path = 0; path < paths; path++) {
    let { observation } = environment.reset({ seed: starts.split(path).uint32() });
    const places = [placeOf(observation)];
    for (;;) {
      const action = agent.act(observation, { deterministic: false, rng });
      const step = environment.step(action);
      observation = step.observation;
      places.push(placeOf(observation));
      if (step.terminated) reached[step.info.goal as number]! += 1;
      if (step.terminated || step.truncated) break;
    }
    if (path < DRAWN) drawn.push(places);
  }
  return { reached, paths, drawn };
}

/** Goals at which at least a twentieth of the paths end. */
export function goalsCovered({ reached, paths }: GoalPaths): number {
  return reached.filter((count) => count >= 0.05 * paths).length;
}

function placeOf(observation: ArrayLike<number>): readonly [number, number] {
  return [Math.round(observation[0]! * 100) / 100, Math.round(observation[1]! * 100) / 100];
}

/** Paths of several policies side by side, goals as circles. */
export function pathsSvg(panels: readonly { readonly title: string; readonly paths: GoalPaths }[]): string {
  const size = 220;
  const columns = Math.min(panels.length, 5);
  const rows = Math.ceil(panels.length / columns);
  const [width, height] = [columns * size, rows * (size + 24)];
  const at = (value: number): string => (((value + 7) / 14) * (size - 12) + 6).toFixed(1);
  const drawn = panels.map(({ title, paths }, i) => {
    const [x, y] = [(i % columns) * size, Math.floor(i / columns) * (size + 24)];
    const lines = paths.drawn.map((places) => {
      const points = places.map(([px, py]) => `${at(px)},${at(-py)}`).join(' ');
      return `<polyline points="${points}" fill="none" stroke="#0072B2" stroke-opacity="0.45" stroke-width="1.2"/>`;
    });
    const goals = [
      [5, 0],
      [-5, 0],
      [0, 5],
      [0, -5],
    ].map(
      ([gx, gy]) =>
        `<circle cx="${at(gx!)}" cy="${at(-gy!)}" r="14.9" fill="#009E73" fill-opacity="0.3" stroke="#009E73"/>`,
    );
    return (
      `<g transform="translate(${x},${y})"><text x="6" y="16" font-size="12" fill="#1F2933">${title}</text>` +
      `<g transform="translate(0,22)"><rect x="6" y="6" width="${size - 12}" height="${size - 12}" fill="none" stroke="#E4E7EB"/>` +
      `${goals.join('')}${lines.join('')}</g></g>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="system-ui, sans-serif"><rect width="${width}" height="${height}" fill="#fff"/>${drawn.join('')}</svg>`
  );
}
