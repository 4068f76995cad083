import fc from 'fast-check';

/** A step of one of several environments. */
export interface InterleavedStep {
  readonly environment: number;
  readonly reward: number;
  readonly duration: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

export const ENVIRONMENTS: readonly number[] = [0, 1, 2, 3];

/**
 * Steps of several environments in any order, so that episodes of any lengths overlap in any way. An episode terminates,
 * is truncated, or does not end.
 */
export const interleavedSteps = fc.array(
  fc
    .record({
      environment: fc.constantFrom(...ENVIRONMENTS),
      reward: fc.double({ min: -10, max: 10, noNaN: true }),
      duration: fc.integer({ min: 1, max: 3 }),
      end: fc.constantFrom('terminated', 'truncated', 'both', ...Array<string>(9).fill('none')),
    })
    .map(
      ({ end, ...step }): InterleavedStep => ({
        ...step,
        terminated: end === 'terminated' || end === 'both',
        truncated: end === 'truncated' || end === 'both',
      }),
    ),
  { maxLength: 60 },
);
