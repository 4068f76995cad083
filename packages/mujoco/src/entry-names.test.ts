import { parseUnknown } from '@maxent/core';
import { expect, it } from 'vitest';
import { loadMujoco } from './load-mujoco.js';
import { mujocoPlugin } from './plugin.js';
import { Simulation } from './simulation.js';

it('names entries after joints, bodies and actuators, or by their numbers', async () => {
  const simulation = new Simulation(await loadMujoco(), {
    xml: `<mujoco><worldbody>
      <body name="ball"><freejoint name="loose"/><geom size="1"/></body>
      <body><joint type="ball"/><geom size="1"/>
        <body name="arm"><joint name="elbow"/><joint name="reach" type="slide"/><geom size="1"/></body>
      </body></worldbody>
      <tendon><fixed name="cord"><joint joint="elbow" coef="1"/></fixed></tendon>
      <actuator><motor name="push" joint="reach"/><motor joint="elbow"/><motor tendon="cord"/></actuator>
    </mujoco>`,
  });
  const { nq, nv } = simulation.model;
  const names = simulation.entryNames();
  simulation.delete();
  expect(names.qpos).toEqual([
    ...['loose x', 'loose y', 'loose z'],
    ...['loose rotation w', 'loose rotation x', 'loose rotation y', 'loose rotation z'],
    ...['joint 1 rotation w', 'joint 1 rotation x', 'joint 1 rotation y', 'joint 1 rotation z'],
    ...['elbow', 'reach'],
  ]);
  expect(names.qvel.slice(5)).toEqual([
    ...[
      'loose turn z velocity',
      'joint 1 turn x velocity',
      'joint 1 turn y velocity',
      'joint 1 turn z velocity',
    ],
    ...['elbow velocity', 'reach velocity'],
  ]);
  expect([names.qpos.length, names.qvel.length]).toEqual([nq, nv]);
  expect(names.bodies).toEqual(['world', 'ball', 'body 2', 'arm']);
  expect(names.actuators).toEqual(['push', 'elbow', 'motor 2']);
});

it.each(
  mujocoPlugin
    .environments!.filter(({ id }) => id.endsWith('-v5'))
    .map((definition) => [definition.id, definition] as const),
)('each entry of %s has a name of its own', async (id, definition) => {
  const environment = await definition.create(parseUnknown(definition.options, {}, id) as never);
  for (const space of [environment.observationSpace, environment.actionSpace]) {
    expect(new Set(space.names).size).toBe(space.flatSize);
  }
  environment.close();
});
