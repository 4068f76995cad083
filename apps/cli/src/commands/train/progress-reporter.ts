import { printable, type RunEvent } from '@maxent/core';
import {
  formatCount,
  formatCounted,
  formatDuration,
  formatRate,
  formatValue,
} from '../../output/format-number.js';
import { countPart, type ProgressLine } from '../../output/progress-line.js';

const SHOWN_RETURNS = 3;

/** Shows people how a run is going. Evaluations and warnings stay on the screen. */
export class ProgressReporter {
  private readonly recentReturns: number[] = [];

  constructor(private readonly line: ProgressLine) {}

  readonly listener = (event: RunEvent): void => {
    switch (event.type) {
      case 'start':
        if (event.resumed) this.line.keep(`resumed at step ${formatCount(event.step)}`);
        return;
      case 'episode':
        this.recentReturns.push(event.return);
        if (this.recentReturns.length > SHOWN_RETURNS) this.recentReturns.shift();
        return;
      case 'progress':
        this.line.show([countPart(event.step, event.totalSteps, 'steps'), ...this.furtherParts(event)]);
        return;
      case 'evaluation': {
        const { step, returnMean, returnStd, episodes } = event.evaluation;
        const spread = `${formatValue(returnMean)} ± ${formatValue(returnStd)}`;
        this.line.keep(
          `step ${formatCount(step)}: evaluation return ${spread} over ${formatCounted(episodes, 'episode')}`,
        );
        return;
      }
      case 'warning':
        this.line.keep(`warning: ${printable(event.message)}`);
        return;
      case 'end':
        this.line.clear();
    }
  };

  private furtherParts({ stepsPerSecond, secondsLeft }: Progress): string[] {
    return [
      // The rate is unknown at the start, and right after the first update, when the measurement starts again.
      ...(stepsPerSecond > 0 ? [formatRate(stepsPerSecond, 'step')] : []),
      ...(secondsLeft === undefined ? [] : [`ETA ${formatDuration(secondsLeft)}`]),
      ...(this.recentReturns.length === 0
        ? []
        : [`last returns ${this.recentReturns.map(formatValue).join(' ')}`]),
    ];
  }
}

type Progress = Extract<RunEvent, { type: 'progress' }>;
