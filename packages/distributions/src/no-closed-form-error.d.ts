import { MaxentError } from '@maxent/core';
/** A quantity was asked for that has no formula, or none that is registered; the message names the way around. */
export declare class NoClosedFormError extends MaxentError {
  readonly code = 'NO_CLOSED_FORM';
}
//# sourceMappingURL=no-closed-form-error.d.ts.map
