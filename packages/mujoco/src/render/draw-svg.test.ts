import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import { body, geom, joint, model } from '../mjcf/elements.js';
import { toXml } from '../mjcf/to-xml.js';
import { Simulation } from '../simulation.js';
import { drawSvg } from './draw-svg.js';
import { type CameraOptions, Stage } from './stage.js';

let mujoco: Mujoco;
beforeAll(async () => {
  mujoco = await loadMujoco();
});

const opened: { delete(): void }[] = [];
afterEach(() => {
  for (const item of opened.splice(0).reverse()) item.delete();
});

function draw(world: Parameters<typeof model>[0]['world'], camera: CameraOptions = {}): string {
  const simulation = new Simulation(mujoco, { xml: toXml(model({ name: 'still', world, actuators: [] })) });
  const stage = new Stage(simulation, camera);
  opened.push(simulation, stage);
  return drawSvg(stage, { width: 200, height: 100 });
}

/** From straight ahead, 9 m away. */
function drawXml(xml: string): string {
  const simulation = new Simulation(mujoco, { xml });
  const stage = new Stage(simulation, { lookAt: [0, 0, 0], elevation: 0, distance: 10 });
  opened.push(simulation, stage);
  return drawSvg(stage, { width: 200, height: 100 });
}

/** Returns the polygons with a fill, each as a list of corners. */
function polygons(svg: string, fill: string): [number, number][][] {
  return [...svg.matchAll(new RegExp(`<path d="([^"]*)" fill="${fill}"`, 'g'))].flatMap(([, path]) =>
    path!
      .split('Z')
      .filter((part) => part !== '')
      .map((part) =>
        part
          .slice(1)
          .split('L')
          .map((pair) => pair.split(' ').map(Number) as [number, number]),
      ),
  );
}

/** Returns center and radius of the circle with a fill. */
function discOf(svg: string, fill: string): number[] {
  const [, ...numbers] = svg.match(
    new RegExp(`<circle cx="([^"]*)" cy="([^"]*)" r="([^"]*)" fill="${fill}"`),
  )!;
  return numbers.map(Number);
}

/** Returns whether a ray from the point to the right crosses the polygon an odd number of times. */
function isInside(
  polygon: readonly (readonly [number, number])[],
  [x, y]: readonly [number, number],
): boolean {
  const crossings = polygon.filter(([x0, y0], i) => {
    const [x1, y1] = polygon[(i + 1) % polygon.length]!;
    return y0 > y !== y1 > y && x0 + ((y - y0) / (y1 - y0)) * (x1 - x0) > x;
  });
  return crossings.length % 2 === 1;
}

const sphere = (x: number, rgba: readonly [number, number, number, number], y = 0) =>
  body({ pos: [x, y, 1] }, [
    joint({ type: 'slide', axis: [1, 0, 0] }),
    geom({ type: 'sphere', size: 0.5, rgba }),
  ]);

describe('drawSvg', () => {
  it('draws a ball as a disc of the right size in the right place', () => {
    const svg = draw([sphere(0, [1, 0, 0, 1])], { distance: 5, elevation: 0 });
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 200 100" width="200" height="100" role="img"/,
    );
    const radius = ((0.5 / 5) * 50) / Math.tan(Math.PI / 8);
    expect(discOf(svg, '#ff0000')).toEqual([100, 50, Math.round(10 * radius) / 10]);
  });

  it('draws near things over far ones, and x to the right', () => {
    const world = [sphere(-1, [1, 0, 0, 1], -2), sphere(1, [0, 0, 1, 1], 2)];
    const svg = draw(world);
    expect(svg.indexOf('#0000ff')).toBeLessThan(svg.indexOf('#ff0000'));
    expect(discOf(svg, '#ff0000')[0]).toBeLessThan(discOf(svg, '#0000ff')[0]!);
    const behind = draw(world, { azimuth: -90 });
    expect(behind.indexOf('#ff0000')).toBeLessThan(behind.indexOf('#0000ff'));
  });

  it('draws the faces of a box that can be seen', () => {
    const box = geom({ type: 'box', size: [1, 1, 1], rgba: [1, 1, 1, 1] });
    const faces = (camera: CameraOptions) => [...draw([box], camera).matchAll(/stroke="/g)].length;
    expect(faces({ elevation: 0, distance: 9 })).toBe(1);
    expect(faces({ elevation: -20, distance: 9 })).toBe(2);
    expect(faces({ elevation: -20, azimuth: 50, distance: 9 })).toBe(3);
  });

  it('cuts a box off where it passes the eye', () => {
    // The camera looks along the top of a box that reaches from far behind it to far in front.
    const road = geom({ type: 'box', pos: [0, 0, -1], size: [50, 50, 0.5], rgba: [1, 1, 1, 1] });
    const svg = draw([road, sphere(0, [1, 0, 0, 1])], { elevation: -1 });
    const top = polygons(svg, '#[0-9a-f]+')[0]!;
    expect(isInside(top, [100, 99])).toBe(true);
    expect(isInside(top, [1, 99])).toBe(true);
    expect(isInside(top, [100, 40])).toBe(false);
  });

  it('draws a floor up to the horizon, with a shadow under what stands on it', () => {
    const svg = draw([
      geom({ type: 'plane', size: [1, 1, 1], rgba: [0, 1, 0, 1] }),
      sphere(0, [1, 0, 0, 0.5]),
    ]);
    const floor = polygons(svg, '#00ff00')[0]!;
    const horizon = Math.min(...floor.map(([, y]) => y));
    expect(horizon).toBeGreaterThan(0);
    expect(horizon).toBeLessThan(50);
    const [, x, y, width, flattened] = svg.match(
      /<path d="M(\S+) (\S+)Z" stroke-width="(\S+)" transform="scale\(1 (\S+)\)"\/>/,
    )!;
    const [ballX, ballY, radius] = discOf(svg, '#ff0000');
    expect(Number(x)).toBe(ballX);
    expect(Number(y) * Number(flattened)).toBeGreaterThan(ballY!);
    // The ground below the ball is farther away than the ball.
    expect(Number(width) / (2 * radius!)).toBeGreaterThan(0.8);
    expect(Number(width) / (2 * radius!)).toBeLessThan(1);
    // Seen from 20 degrees above.
    expect(Number(flattened)).toBe(0.34);
    expect(svg).toContain('opacity="0.50"');
  });

  it('draws a mesh as the outline of its hull, between what is behind it and before it', () => {
    const svg = drawXml(`<mujoco>
      <asset><mesh name="block" vertex="-1 -1 -1  1 -1 -1  -1 1 -1  1 1 -1  -1 -1 1  1 -1 1  -1 1 1  1 1 1"/></asset>
      <worldbody>
        <geom type="mesh" mesh="block" rgba="0 1 0 1"/>
        <geom size="0.5" pos="0 3 0" rgba="1 0 0 1"/>
        <geom size="0.5" pos="0 -3 0" rgba="0 0 1 1"/>
      </worldbody></mujoco>`);
    const [block] = polygons(svg, '#00ff00');
    // From straight ahead only the front is seen, a square of 2 m at 9 m.
    const half = ((1 / 9) * 50) / Math.tan(Math.PI / 8);
    const corners = block!.map(([x, y]) => [Math.abs(x - 100), Math.abs(y - 50)]);
    expect(corners).toHaveLength(4);
    for (const corner of corners) for (const way of corner) expect(way).toBeCloseTo(half, 0);
    const [behind, mesh, before] = ['#ff0000', '#00ff00', '#0000ff'].map((fill) => svg.indexOf(fill));
    expect(behind).toBeLessThan(mesh!);
    expect(mesh).toBeLessThan(before!);
  });

  it('draws a height field as cells, and hides what is behind its hills', () => {
    // Flat but for a ridge across the picture at y = 0.
    const heights = Array.from({ length: 9 }, (_, row) => (row === 4 ? '1 1 1' : '0 0 0')).join(' ');
    const svg = drawXml(`<mujoco>
      <asset><hfield name="ridge" nrow="9" ncol="3" elevation="${heights}" size="4 4 2 0.1"/></asset>
      <worldbody>
        <geom type="hfield" hfield="ridge" rgba="1 1 1 1"/>
        <geom size="0.5" pos="0 2.5 0.5" rgba="1 0 0 1"/>
        <geom size="0.5" pos="0 -2.5 0.5" rgba="0 0 1 1"/>
      </worldbody></mujoco>`);
    const cells = [...svg.matchAll(/fill="#(..)\1\1" stroke="#\1\1\1"/g)];
    expect(cells).toHaveLength(16);
    // The slope toward the camera is brighter than the one away from it, or the same as the level ground.
    expect(new Set(cells.map(([, shade]) => shade)).size).toBe(3);
    const positions = cells.map(({ index }) => index);
    const [behind, before] = ['#ff0000', '#0000ff'].map((fill) => svg.indexOf(fill));
    // Two rows of two cells are behind the farther ball or below it, and one row is before the nearer one.
    expect(positions.filter((position) => position < behind!)).toHaveLength(4);
    expect(positions.filter((position) => position > before!)).toHaveLength(2);
  });
});
