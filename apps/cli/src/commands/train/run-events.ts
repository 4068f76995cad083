import type { RunEvent } from '@maxent/core';
import type { CommandEvent } from '../../events/event-schema.js';
import type { EventStream } from '../../events/event-stream.js';
import { evaluationAnswers } from './evaluation-answers.js';

/** What the start event says about a run, beside what the run itself reports. */
export type AboutRun = Pick<
  Extract<CommandEvent, { type: 'start' }>,
  'runDir' | 'agent' | 'environment' | 'family' | 'backend'
>;

const PROGRESS_MILLISECONDS = 1000;

/** Passes on what a run reports as events of the command. `about` is asked at the run's start. */
export function runEvents(
  events: EventStream,
  about: () => AboutRun,
  now: () => number = () => performance.now(),
): (event: RunEvent) => void {
  let progressAt = Number.NEGATIVE_INFINITY;
  let unwritten: Extract<RunEvent, { type: 'progress' }> | undefined;
  return (event) => {
    switch (event.type) {
      case 'start': {
        const { step, totalSteps, resumed } = event;
        events.write({ type: 'start', ...about(), step, totalSteps, resumed });
        return;
      }
      case 'progress':
        unwritten = event;
        if (now() - progressAt < PROGRESS_MILLISECONDS) return;
        progressAt = now();
        events.write(event);
        unwritten = undefined;
        return;
      case 'evaluation':
        events.write({ type: 'evaluation', ...evaluationAnswers([event.evaluation])[0]! });
        return;
      case 'end':
        if (unwritten !== undefined) events.write(unwritten);
        return;
      case 'episode':
        return;
      default:
        events.write(event);
    }
  };
}
