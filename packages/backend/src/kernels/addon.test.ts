// What the addon refuses: nothing that it is told can reach outside the memory.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { platform } from '#platform';
import { kernelBuilds, requireBuild } from '../testing/kernel-builds.js';
import type { AddonKernels } from './kernel-addon.js';
import { isAddonBuild } from './kernel-builds.js';

const PAGE = 65536;

const strange = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, 'x', {}, true, false, Number.NaN, -1, 0.5, -0, Infinity, 2 ** 53),
  fc.constantFrom<unknown>(0, 4, 16, 1024, PAGE - 4, PAGE, PAGE + 4, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 4),
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 0, max: PAGE / 4 }).map((word) => 4 * word),
);

describe.each(kernelBuilds.filter(isAddonBuild))('%s', (build) => {
  const attach = (memory: WebAssembly.Memory): AddonKernels =>
    platform.kernelAddon().addon!.attach(memory, build, 2);

  test('takes what fits exactly and refuses a byte more', (context) => {
    requireBuild(build, context);
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { polyak } = attach(memory);
    const values = new Float32Array(memory.buffer).fill(1, 0, 100).fill(3, PAGE / 4 - 100);
    polyak(0, PAGE - 400, 100, 0.5);
    expect([values[0], values[99], values[100]]).toEqual([2, 2, 0]);
    expect(() => polyak(0, PAGE - 400, 101, 0.5)).toThrow(
      /^polyak: argument 2: 101 values of 4 bytes at 65136/,
    );
    expect(() => polyak(2, PAGE - 400, 1, 0.5)).toThrow(RangeError);
    expect(() => polyak(0, 4, -1, 0.5)).toThrow('expected a whole number');
    expect(() => (polyak as (...values: number[]) => void)(0, 4, 1)).toThrow('expected 4 arguments, got 3');
    memory.grow(1);
    polyak(0, PAGE - 400, 101, 0.5);
  });

  test('survives any arguments', (context) => {
    requireBuild(build, context);
    const kernels = attach(new WebAssembly.Memory({ initial: 1 })) as unknown as Record<
      string,
      (...values: unknown[]) => unknown
    >;
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(kernels)),
        fc.array(strange, { minLength: 19, maxLength: 19 }),
        (name, values) => {
          // As many arguments as the kernel wants.
          const expected = Number(/expected (\d+)/.exec(messageOf(() => kernels[name]!()))![1]);
          const message = messageOf(() => kernels[name]!(...values.slice(0, expected)));
          expect(message === '' || message.startsWith(`${name}: `)).toBe(true);
        },
      ),
      { seed: 1, numRuns: 3000 },
    );
  });

  test('refuses rows that lie outside the memory', (context) => {
    requireBuild(build, context);
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { gatherRows, addToRows } = attach(memory);
    const numbers = new Int32Array(memory.buffer, 0, 1);
    for (const number of [-1, PAGE / 8, 2 ** 31 - 1]) {
      numbers[0] = number;
      expect(() => gatherRows(1024, 0, 64, 1, 2)).toThrow(`row number ${number} does not lie in the memory`);
      expect(() => addToRows(64, 0, 1024, 1, 2)).toThrow(RangeError);
    }
  });

  test('refuses a memory that is none, and kernels that do not run here', () => {
    const { addon } = platform.kernelAddon();
    if (addon === undefined) return;
    const memory = new WebAssembly.Memory({ initial: 1 });
    expect(() => addon.attach({} as WebAssembly.Memory, build, 1)).toThrow(TypeError);
    expect(() => addon.attach(memory, 'sse' as never, 1)).toThrow(RangeError);
    expect(() => addon.attach(memory, build, 0)).toThrow(RangeError);
  });
});

function messageOf(call: () => unknown): string {
  try {
    call();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
