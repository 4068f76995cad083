import { describeThrown } from '../checker/thrown.js';
import { type ErrorsByCode, isMaxentError, MaxentError } from '../errors.js';

export interface Violation {
  readonly rule: string;
  /** What was found, and what the contract requires. */
  readonly problem: string;
}

export interface ConformanceReport {
  /** What was checked, such as `environment Pendulum-v1`. */
  readonly subject: string;
  readonly passed: readonly string[];
  /** Rules that did not apply or could not be tried. */
  readonly skipped: readonly { readonly rule: string; readonly reason: string }[];
}

/** Something violates the contract that it implements; the message lists every rule that it violates. */
export class ConformanceError extends MaxentError {
  readonly code = 'CONFORMANCE';

  constructor(
    readonly subject: string,
    readonly violations: readonly Violation[],
  ) {
    const list = violations.map(({ rule, problem }) => `\n  - ${rule}: ${problem}`).join('');
    super(`${subject} violates ${violations.length} rule${violations.length === 1 ? '' : 's'}:${list}`);
  }
}

/** Ends a rule that does not apply. */
class Skip {
  constructor(readonly reason: string) {}
}

/** Ends a rule that is violated. */
class Problem {
  constructor(readonly text: string) {}
}

/** Skips the running rule, for the given reason, by throwing. */
export function skip(reason: string): never {
  throw new Skip(reason);
}

/** Fails the running rule if there is a problem. */
export function ensureNone(problem: string | undefined): void {
  if (problem !== undefined) throw new Problem(problem);
}

/** Fails the running rule unless `condition` holds. */
export function ensure(condition: boolean, problem: () => string): asserts condition {
  if (!condition) throw new Problem(problem());
}

/**
 * Fails the running rule unless `action` throws an error with the given code. What is being checked may use another
 * copy of this package, which has its own classes.
 */
export function ensureThrows(what: string, code: keyof ErrorsByCode, action: () => unknown): void {
  const expected = `${code.toLowerCase().replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase())}Error`;
  try {
    action();
  } catch (error) {
    const found = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    ensure(isMaxentError(error, code), () => `${what}: expected ${expected}, but it threw ${found}`);
    return;
  }
  ensure(false, () => `${what}: expected ${expected}, but nothing was thrown`);
}

/** Runs rules one after the other and records the results. */
export class Checklist {
  private readonly passed: string[] = [];
  private readonly skipped: { rule: string; reason: string }[] = [];
  private readonly violations: Violation[] = [];

  constructor(private readonly subject: string) {}

  /** Whether no rule has been violated so far. */
  get clean(): boolean {
    return this.violations.length === 0;
  }

  /** Runs one rule. Whatever it throws, other rules still run. */
  async rule(rule: string, check: () => void | Promise<void>): Promise<void> {
    try {
      await check();
      this.passed.push(rule);
    } catch (thrown) {
      if (thrown instanceof Skip) this.skipped.push({ rule, reason: thrown.reason });
      else
        this.violations.push({
          rule,
          problem: thrown instanceof Problem ? thrown.text : `threw ${describeThrown(thrown)}`,
        });
    }
  }

  /** Runs a whole check as a part of this one, its rules named after `part`. */
  async include(part: string, check: () => Promise<ConformanceReport>): Promise<void> {
    try {
      const report = await check();
      this.passed.push(...report.passed.map((rule) => `${part}: ${rule}`));
      this.skipped.push(...report.skipped.map(({ rule, reason }) => ({ rule: `${part}: ${rule}`, reason })));
    } catch (thrown) {
      if (!(thrown instanceof ConformanceError)) throw thrown;
      this.violations.push(
        ...thrown.violations.map(({ rule, problem }) => ({ rule: `${part}: ${rule}`, problem })),
      );
    }
  }

  /** Throws ConformanceError when a rule was violated. */
  finish(): ConformanceReport {
    if (this.violations.length > 0) throw new ConformanceError(this.subject, this.violations);
    return { subject: this.subject, passed: this.passed, skipped: this.skipped };
  }
}
