import { printable, type RunEvent } from '@maxent/core';
import { formatCount, formatCounted, formatDuration, formatValue } from '../../output/format-number.js';
import type { CommandIo } from '../../process/command-io.js';

const LINE_MILLISECONDS = 10_000;
const SHOWN_RETURNS = 3;
const SEPARATOR = ' | ';

/**
 * Shows people how a run is going: on a terminal as a single line that is overwritten, elsewhere as a line now and
 * then. Evaluations and warnings stay on the screen.
 */
export class ProgressReporter {
  private readonly recentReturns: number[] = [];
  private lineAt = Number.NEGATIVE_INFINITY;
  private lineShown = false;

  constructor(
    private readonly io: Pick<CommandIo, 'writeError' | 'terminalColumns'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  readonly listener = (event: RunEvent): void => {
    switch (event.type) {
      case 'start':
        if (event.resumed) this.writeLine(`resumed at step ${formatCount(event.step)}`);
        return;
      case 'episode':
        this.recentReturns.push(event.return);
        if (this.recentReturns.length > SHOWN_RETURNS) this.recentReturns.shift();
        return;
      case 'progress':
        this.showProgress(this.progressParts(event));
        return;
      case 'evaluation': {
        const { step, returnMean, returnStd, episodes } = event.evaluation;
        const spread = `${formatValue(returnMean)} ± ${formatValue(returnStd)}`;
        this.writeLine(
          `step ${formatCount(step)}: evaluation return ${spread} over ${formatCounted(episodes, 'episode')}`,
        );
        return;
      }
      case 'warning':
        this.writeLine(`warning: ${printable(event.message)}`);
        return;
      case 'end':
        this.clearLine();
    }
  };

  /** Writes a line that stays, above the one that is overwritten. */
  writeLine(text: string): void {
    this.clearLine();
    this.io.writeError(`${text}\n`);
  }

  private progressParts(event: Extract<RunEvent, { type: 'progress' }>): string[] {
    const { step, totalSteps, updates, stepsPerSecond } = event;
    const percent = Math.floor((100 * step) / totalSteps);
    const parts = [`${formatCount(step)}/${formatCount(totalSteps)} steps (${percent}%)`];
    // The rate is unknown at the start, and right after the first update, when the measurement starts again.
    if (stepsPerSecond > 0) {
      const rate = stepsPerSecond >= 10 ? formatCount(Math.round(stepsPerSecond)) : stepsPerSecond.toFixed(1);
      parts.push(`${rate} steps/s`);
      // Before the first update, steps are much cheaper than later ones.
      if (updates > 0) parts.push(`ETA ${formatDuration((totalSteps - step) / stepsPerSecond)}`);
    }
    if (this.recentReturns.length > 0) {
      parts.push(`last returns ${this.recentReturns.map(formatValue).join(' ')}`);
    }
    return parts;
  }

  private showProgress(parts: readonly string[]): void {
    const columns = this.io.terminalColumns;
    if (columns !== undefined) {
      this.io.writeError(`\r\u001b[K${fitting(parts, columns - 1)}`);
      this.lineShown = true;
    } else if (this.now() - this.lineAt >= LINE_MILLISECONDS) {
      this.io.writeError(`${parts.join(SEPARATOR)}\n`);
      this.lineAt = this.now();
    }
  }

  private clearLine(): void {
    if (this.lineShown) this.io.writeError('\r\u001b[K');
    this.lineShown = false;
  }
}

/** As many parts as fit, none of them cut: half a number would be a different number. */
function fitting(parts: readonly string[], room: number): string {
  for (let count = parts.length; count > 0; count--) {
    const text = parts.slice(0, count).join(SEPARATOR);
    if (text.length <= room) return text;
  }
  return '';
}
