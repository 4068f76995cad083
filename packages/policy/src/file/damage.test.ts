// What strangers may send: cut off, changed, or made up. Each must end in our error, and none take memory.
import {
  Box,
  decodeSafetensors,
  encodeSafetensors,
  InvalidInputError,
  isMaxentError,
  type PolicyDescription,
  Rng,
} from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { encodePolicy, readPolicy } from '../index.js';
import { actorDescription, tensorOf } from '../test-support/descriptions.js';
import { checksumOf } from './checksum.js';

const description = actorDescription();
const bytes = encodePolicy(description);

function problemOf(file: Uint8Array): string {
  try {
    readPolicy(file);
  } catch (error) {
    if (!isMaxentError(error, 'DAMAGED_DATA')) throw error;
    return error.message;
  }
  return 'nothing';
}

// biome-ignore lint/suspicious/noExplicitAny: any JSON, to be made wrong.
type Forgery = (policy: Record<string, any>, tensors: Record<string, any>) => void;

/** A file whose checksum is right, with a description that `change` has made up. */
function forged(change: Forgery): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const json = JSON.parse(metadata.policy!);
  const copy = { ...tensors };
  change(json, copy);
  const policy = JSON.stringify(json);
  return encodeSafetensors({ tensors: copy, metadata: { policy, crc32: checksumOf(policy, copy) } });
}

describe('a damaged file', () => {
  it('is refused wherever it is cut off', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(problemOf(bytes.subarray(0, length))).not.toBe('nothing');
    }
  });

  it('is refused whichever bit is flipped', () => {
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 1 << (at % 8);
      expect(problemOf(changed), `byte ${at}`).not.toBe('nothing');
    }
  });

  it('says that it is damaged', () => {
    const changed = bytes.slice();
    changed[bytes.length - 1]! ^= 1;
    expect(problemOf(changed)).toMatch(
      /policy file: __metadata__.crc32: expected the checksum of the file, which is damaged, got "/,
    );
  });
});

describe('a forged description', () => {
  const set =
    (path: string, value: unknown): Forgery =>
    (policy) => {
      const keys = path.split('.');
      const last = keys.pop()!;
      const parent = keys.reduce((part, key) => part[key], policy);
      if (value === undefined) delete parent[last];
      else parent[last] = value;
    };
  const relu = { type: 'activation', name: 'relu' };
  const sizes = Array.from({ length: 50 }, (_, i) => [`k${i}`, { kind: 'discrete', count: 2 ** 20 }]);
  const nested = Array.from({ length: 20 }).reduce<unknown>(
    (inner) => ({ kind: 'dict', spaces: { a: inner } }),
    { kind: 'discrete', count: 3 },
  );

  it.each<readonly [string, Forgery, RegExp]>([
    [
      'another format',
      set('version', 2),
      /policy.version: expected 1; load it with the version that wrote it, got 2/,
    ],
    [
      'an unknown layer',
      set('layers.1.type', 'attention'),
      /layers\[1\]: "attention" is unknown here; it may need a newer/,
    ],
    ['an unknown head', set('head.type', 'beta'), /policy.head: "beta" is unknown here/],
    ['an inherited name', set('layers.1.type', 'constructor'), /"constructor" is unknown here/],
    [
      'an unknown activation',
      set('layers.1.name', 'gelu'),
      /layers\[1\].name: expected one of relu, tanh, elu, got "gelu"/,
    ],
    ['an unknown field', set('layers.0.gain', 2), /layers\[0\].gain: unknown field/],
    ['a missing field', set('layers.0.bias', undefined), /layers\[0\].bias: is missing/],
    ['a missing tensor', set('layers.0.bias', 'nothing'), /no tensor "nothing"/],
    ['a tensor read twice', set('layers.2.weight', 'layer.0.weight'), /"layer.0.weight" is read twice/],
    ['weights that do not fit', set('layers', [relu]), /policy.layers: expected 4 outputs, got 3/],
    [
      'inputs that do not fit',
      set('observationSpace.shape', [2]),
      /layers\[0\].weight: expected 2 dimensions, the first 2, got \[3, 5\]/,
    ],
    [
      'a space for a giant',
      set('observationSpace.shape', [2 ** 40]),
      /observationSpace: expected at most 1048576 entries/,
    ],
    [
      'many large spaces',
      set('observationSpace', { kind: 'dict', spaces: Object.fromEntries(sizes) }),
      /observationSpace: expected at most 1048576 entries/,
    ],
    ['spaces within spaces', set('observationSpace', nested), /expected fewer nested Dicts/],
    [
      'bounds the wrong way round',
      set('actionSpace.low', [3, 0]),
      /actionSpace: low\[0\]: expected at most high\[0\]/,
    ],
    ['bounds that are equal', set('actionSpace.low', [2, 0]), /actionSpace: expected bounds that differ/],
    [
      'bounds that are missing',
      set('actionSpace.low', '-Infinity'),
      /actionSpace: expected a Box with finite bounds/,
    ],
    [
      'bounds that are not numbers',
      set('actionSpace.low', ['a', 0]),
      /actionSpace.low\[0\]: expected one of Infinity, -Infinity, got "a"/,
    ],
    [
      'actions of another kind',
      set('actionSpace', { kind: 'discrete', count: 2 }),
      /expected a Box with finite bounds, got "Discrete\(2\)"/,
    ],
    [
      'a number that is a text',
      set('head.minimumLogStd', '-20'),
      /head.minimumLogStd: expected a finite number/,
    ],
    [
      'a list without end',
      set('layers', new Array(1001).fill(relu)),
      /policy.layers: expected a list of at most 1000 entries/,
    ],
    [
      'a misplaced table',
      set('layers.0', { type: 'table', values: 'layer.0.weight' }),
      /layers\[0\]: expected to stand alone, over Discrete observations/,
    ],
    ['a misplaced coupling', set('layers.0.type', 'coupling'), /layers\[0\]: "coupling" is unknown here/],
    ['provenance that is not an object', set('provenance', 5), /provenance: expected an object, got 5/],
  ])('with %s is refused', (_, change, message) => {
    expect(problemOf(forged(change))).toMatch(message);
  });

  it.each<readonly [string, string, unknown, RegExp]>([
    ['that none reads', 'more', tensorOf(Rng.fromSeed(1), 2), /no layer reads the tensor "more"/],
    [
      'that are not finite',
      'layer.0.bias',
      { shape: [5], data: Float32Array.of(0, 1, Number.NaN, 0, 0) },
      /expected finite numbers/,
    ],
    [
      'of another type',
      'layer.0.bias',
      { shape: [5], data: new Int32Array(5) },
      /layers\[0\].bias: expected float32/,
    ],
    [
      'of another shape',
      'layer.0.bias',
      { shape: [5, 1], data: new Float32Array(5) },
      /expected 1 dimensions, the first 5, got \[5, 1\]/,
    ],
  ])('with tensors %s is refused', (_, name, tensor, message) => {
    const file = forged((_policy, tensors) => {
      tensors[name] = tensor;
    });
    expect(problemOf(file)).toMatch(message);
  });

  it('without JSON is refused', () => {
    const { tensors } = decodeSafetensors(bytes);
    const file = (policy: string) =>
      encodeSafetensors({ tensors, metadata: { policy, crc32: checksumOf(policy, tensors) } });
    expect(problemOf(file('{'))).toMatch(/__metadata__.policy: is not JSON/);
    expect(problemOf(file('null'))).toMatch(/policy.version/);
    expect(problemOf(encodeSafetensors({ tensors, metadata: {} }))).toMatch(
      /__metadata__.policy: expected a text, got nothing/,
    );
  });
});

it('wide layers that would need more memory than the file are refused before any is taken', () => {
  const rng = Rng.fromSeed(1);
  const layers: PolicyDescription['layers'] = [
    { type: 'dense', weight: 'w', bias: 'b' },
    ...Array.from({ length: 990 }, () => ({ type: 'activation', name: 'elu' }) as const),
    { type: 'dense', weight: 'v', bias: 'c' },
  ];
  const wide = 2 ** 19;
  const tensors = {
    w: tensorOf(rng, 1, wide),
    b: tensorOf(rng, wide),
    v: tensorOf(rng, wide, 4),
    c: tensorOf(rng, 4),
  };
  const { actionSpace, head } = description;
  const observationSpace = new Box({ low: -1, high: 1, shape: [1] });
  expect(() => encodePolicy({ agent: 'sac', actionSpace, head, layers, tensors, observationSpace })).toThrow(
    /layers: acting would take more than 1 GiB of memory/,
  );
});

it('what no file can hold is refused before there is one', () => {
  const unsquashed = { ...description, head: { type: 'gaussian' } } as unknown as PolicyDescription;
  expect(() => encodePolicy(unsquashed)).toThrow(InvalidInputError);
  expect(() => encodePolicy(unsquashed)).toThrow(
    'description: cannot be read back: policy file: policy.head: "gaussian" is unknown here',
  );
});
