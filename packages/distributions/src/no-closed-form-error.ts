import { MaxentError } from '@maxent/core';

/** The requested quantity has no closed form, or none is registered; the message says what to do instead. */
export class NoClosedFormError extends MaxentError {
  readonly code = 'NO_CLOSED_FORM';
}
