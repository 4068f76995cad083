import { isRecord } from '@maxent/core';
import type { CommandEvent } from './event-schema.js';

type End = Extract<CommandEvent, { type: 'end' }>;

/** The event for a command's answer, with how it ended if the answer says so. */
export function lastEvent(answer: unknown, exitCode: number): End {
  const { outcome = 'completed', stoppedBy } = (isRecord(answer) ? answer : {}) as Partial<End>;
  return {
    type: 'end',
    outcome,
    ...(stoppedBy !== undefined && { stoppedBy }),
    exitCode,
    answer: answer as NonNullable<End['answer']>,
  };
}
