/** A number with the limit that it must keep. */
export interface Check {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly must: 'be at least' | 'be at most';
}

export function holds({ value, limit, must }: Check): boolean {
  return must === 'be at least' ? value >= limit : value <= limit;
}

/** One line for each check that does not hold. */
export function broken(checks: readonly Check[]): string[] {
  return checks
    .filter((check) => !holds(check))
    .map(
      ({ name, value, limit, must }) =>
        `${name} must ${must} ${limit.toPrecision(3)}, and is ${value.toPrecision(3)}`,
    );
}
