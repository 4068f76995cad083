import { describe, expect, it } from 'vitest';
import { body, geom, joint, model, motor } from './elements.js';
import { toXml } from './to-xml.js';

describe('toXml', () => {
  it('writes elements in order, with lists, flags and names', () => {
    const pendulum = model({
      name: 'pendulum',
      compiler: { angle: 'radian' },
      option: { timestep: 0.01, integrator: 'RK4' },
      size: { memory: '1M' },
      defaults: { joint: { damping: 0.5 }, motor: { ctrllimited: true } },
      world: [
        geom({ type: 'plane', size: [1, 1, 0.1] }),
        body({ name: 'rod', pos: [0, 0, 1] }, [
          joint({ name: 'pivot', limited: false }),
          geom({ type: 'capsule', fromto: [0, 0, 0, 0, 0, -1], size: 0.05 }),
        ]),
      ],
      actuators: [motor({ joint: 'pivot', gear: 2 })],
    });
    expect(toXml(pendulum)).toBe(`<mujoco model="pendulum">
  <compiler angle="radian"/>
  <option timestep="0.01" integrator="RK4"/>
  <size memory="1M"/>
  <default>
    <joint damping="0.5"/>
    <motor ctrllimited="true"/>
  </default>
  <worldbody>
    <geom type="plane" size="1 1 0.1"/>
    <body name="rod" pos="0 0 1">
      <joint name="pivot" limited="false"/>
      <geom type="capsule" fromto="0 0 0 0 0 -1" size="0.05"/>
    </body>
  </worldbody>
  <tendon/>
  <actuator>
    <motor joint="pivot" gear="2"/>
  </actuator>
</mujoco>
`);
  });

  it('escapes names', () => {
    expect(toXml(body({ name: 'a<b & "c"' }, []))).toBe('<body name="a&lt;b &amp; &quot;c&quot;"/>\n');
  });

  it('loses no digit of a number', () => {
    const numbers = [0.1 + 0.2, 1e-7, -1.45 + 1.25, 2 ** 70] as const;
    const [, text] = /quat="(.*)"/.exec(toXml(geom({ quat: numbers })))!;
    expect(text!.split(' ').map(Number)).toEqual(numbers);
  });
});
