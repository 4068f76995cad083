/**
 * The part of MJCF, MuJoCo's modeling format, that our models use, as typed functions. Attributes have the names,
 * units and defaults of https://mujoco.readthedocs.io/en/stable/XMLreference.html.
 */

export type Vector3 = readonly [number, number, number];
export type Vector4 = readonly [number, number, number, number];

export type AttributeValue = string | number | boolean | readonly number[];

export interface MjcfElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly children: readonly MjcfElement[];
}

/** Where something is in its parent's frame; at most one of the rotations. */
interface Placement {
  readonly pos?: Vector3;
  /** w, x, y, z. */
  readonly quat?: Vector4;
  /** An axis, then the angle in the compiler's unit. */
  readonly axisangle?: Vector4;
}

export interface BodyAttributes extends Placement {
  readonly name?: string;
}

export interface JointAttributes {
  readonly name?: string;
  readonly type?: 'free' | 'ball' | 'slide' | 'hinge';
  readonly pos?: Vector3;
  readonly axis?: Vector3;
  readonly limited?: boolean;
  readonly range?: readonly [number, number];
  readonly ref?: number;
  readonly margin?: number;
  readonly stiffness?: number;
  readonly damping?: number;
  readonly armature?: number;
  readonly solreflimit?: readonly number[];
  readonly solimplimit?: readonly number[];
}

export interface GeomAttributes extends Placement {
  readonly name?: string;
  readonly type?: 'plane' | 'sphere' | 'capsule' | 'ellipsoid' | 'cylinder' | 'box';
  readonly size?: number | readonly number[];
  /** The two end points of a capsule, cylinder, ellipsoid or box. */
  readonly fromto?: readonly [number, number, number, number, number, number];
  readonly density?: number;
  readonly contype?: number;
  readonly conaffinity?: number;
  readonly condim?: 1 | 3 | 4 | 6;
  /** Sliding, torsional, rolling. */
  readonly friction?: number | readonly number[];
  readonly margin?: number;
  readonly solref?: readonly number[];
  readonly solimp?: readonly number[];
  readonly rgba?: Vector4;
}

export interface SiteAttributes {
  readonly name?: string;
  readonly pos?: Vector3;
  readonly size?: number;
}

export interface MotorAttributes {
  readonly name?: string;
  readonly joint?: string;
  readonly gear?: number;
  readonly ctrllimited?: boolean;
  readonly ctrlrange?: readonly [number, number];
}

export interface CompilerAttributes {
  readonly angle?: 'degree' | 'radian';
  readonly inertiafromgeom?: boolean;
  readonly settotalmass?: number;
}

export interface OptionAttributes {
  readonly timestep?: number;
  readonly integrator?: 'Euler' | 'RK4' | 'implicit' | 'implicitfast';
  readonly solver?: 'PGS' | 'CG' | 'Newton';
  /** Largest number of iterations of the constraint solver. */
  readonly iterations?: number;
  readonly gravity?: Vector3;
  /** Of the medium, in kg/m^3; with `viscosity` it makes bodies swim. */
  readonly density?: number;
  readonly viscosity?: number;
}

export interface SizeAttributes {
  /** Bytes for contacts, constraints and the stack of one simulation, such as `1M`. */
  readonly memory?: string;
}

/** Makes a body with its joints, geoms and child bodies, in order. */
export function body(attributes: BodyAttributes, children: readonly MjcfElement[]): MjcfElement {
  return element('body', attributes, children);
}

export function joint(attributes: JointAttributes): MjcfElement {
  return element('joint', attributes);
}

export function geom(attributes: GeomAttributes): MjcfElement {
  return element('geom', attributes);
}

/** Makes a named point of a body. */
export function site(attributes: SiteAttributes): MjcfElement {
  return element('site', attributes);
}

/** Makes a tendon whose length is a weighted sum of joint positions. */
export function fixedTendon(
  name: string,
  joints: readonly { readonly joint: string; readonly coef: number }[],
): MjcfElement {
  return element(
    'fixed',
    { name },
    joints.map((attributes) => element('joint', attributes)),
  );
}

export function motor(attributes: MotorAttributes): MjcfElement {
  return element('motor', attributes);
}

export interface ModelDescription {
  readonly name: string;
  readonly compiler?: CompilerAttributes;
  readonly option?: OptionAttributes;
  readonly size?: SizeAttributes;
  /** Values for attributes that an element leaves out. */
  readonly defaults?: {
    readonly joint?: JointAttributes;
    readonly geom?: GeomAttributes;
    readonly motor?: MotorAttributes;
  };
  readonly world: readonly MjcfElement[];
  readonly tendons?: readonly MjcfElement[];
  readonly actuators: readonly MjcfElement[];
}

/** Makes the root element of a model. */
export function model(description: ModelDescription): MjcfElement {
  const { name, compiler = {}, option = {}, size = {}, defaults = {}, tendons = [] } = description;
  return element('mujoco', { model: name }, [
    element('compiler', compiler),
    element('option', option),
    element('size', size),
    element(
      'default',
      {},
      Object.entries(defaults).map(([tag, attributes]) => element(tag, attributes)),
    ),
    element('worldbody', {}, description.world),
    element('tendon', {}, tendons),
    element('actuator', {}, description.actuators),
  ]);
}

function element(tag: string, attributes: object, children: readonly MjcfElement[] = []): MjcfElement {
  return { tag, attributes: attributes as Record<string, AttributeValue>, children };
}
