/** A robot of several files: an arm of a mesh in an include, on hilly ground, with a tendon, sites and sensors. */
export const TWO_PART_ROBOT = `
<mujoco model="arm">
  <compiler meshdir="meshes"/>
  <include file="parts/arm.xml"/>
  <asset>
    <mesh name="forearm" file="forearm.obj"/>
    <hfield name="hills" file="hills.bin" size="2 2 0.2 0.1"/>
  </asset>
  <worldbody>
    <geom name="ground" type="hfield" hfield="hills"/>
  </worldbody>
</mujoco>`;

const ARM = `
<mujoco>
  <worldbody>
    <body name="shoulder" pos="0 0 1">
      <joint name="lift" axis="0 1 0" damping="0.1"/>
      <geom name="upper arm" type="mesh" mesh="forearm"/>
      <body name="hand" pos="0.5 0 0">
        <joint name="wrist" type="slide" axis="1 0 0" range="-1 1"/>
        <geom name="palm" size="0.1"/>
        <site name="fingertip" pos="0.1 0 0"/>
      </body>
    </body>
  </worldbody>
  <tendon><fixed name="cord"><joint joint="lift" coef="0.5"/><joint joint="wrist" coef="1"/></fixed></tendon>
  <actuator>
    <motor name="lifter" joint="lift" ctrlrange="-1 1" gear="2"/>
    <motor name="puller" tendon="cord" ctrlrange="-1 1"/>
  </actuator>
  <sensor>
    <clock name="clock"/>
    <framepos name="tip" objtype="site" objname="fingertip"/>
    <gyro name="turning" site="fingertip"/>
  </sensor>
</mujoco>`;

/** A tetrahedron of the given length along x, in m. */
export function tetrahedron(length: number): Uint8Array {
  return encode(
    `v 0 0 0\nv ${length.toFixed(2)} 0 0\nv 0 0.2 0\nv 0 0 0.2\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 3 1 4\n`,
  );
}

/** The height field of 3 x 4 points in MuJoCo's format: rows, columns, heights. */
function hills(): Uint8Array {
  const heights = [0, 1, 0, 0, 1, 2, 1, 0, 0, 1, 0, 0];
  return new Uint8Array(Int32Array.of(3, 4, ...new Int32Array(Float32Array.from(heights).buffer)).buffer);
}

/** The files that it refers to. */
export function twoPartAssets(length = 0.5): Record<string, Uint8Array> {
  return {
    'parts/arm.xml': encode(ARM),
    'meshes/forearm.obj': tetrahedron(length),
    'meshes/hills.bin': hills(),
  };
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A model of one mesh, with attributes for its compiler. */
export const modelOfMesh = (file: string, compiler = '') => `
  <mujoco>
    <compiler ${compiler}/><asset><mesh name="mesh" file="${file}"/></asset>
    <worldbody><geom type="mesh" mesh="mesh"/></worldbody>
  </mujoco>`;
