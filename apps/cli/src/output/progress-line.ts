import type { CommandIo } from '../process/command-io.js';
import { displayWidth } from './display-width.js';
import { formatCount, formatDuration } from './format-number.js';

/** A part of the line, or the forms it can take, the longest first. */
export type ProgressPart = string | readonly [string, ...string[]];

/** Time between lines where there is no terminal. */
const SUMMARY_MILLISECONDS = 5 * 60_000;
/** On a terminal, nobody reads faster. */
const REDRAW_MILLISECONDS = 100;
const SEPARATOR = ' | ';

/**
 * How a command that takes a while is getting on, on the error stream. On a terminal it is a single line that is overwritten
 * and never wraps. Elsewhere nothing is written, except for a summary every five minutes, for the logs of long runs.
 */
export class ProgressLine {
  private readonly startedAt: number;
  private lineAt: number;
  private lineShown = false;

  constructor(
    private readonly io: Pick<CommandIo, 'writeError' | 'terminalColumns'>,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.startedAt = now();
    this.lineAt = this.startedAt;
  }

  /** `parts` are in the order of their importance: the last ones go first where there is no room. */
  show(parts: readonly [ProgressPart, ...ProgressPart[]]): void {
    const { terminalColumns } = this.io;
    const now = this.now();
    const age = now - this.lineAt;
    if (terminalColumns === undefined) {
      if (age < SUMMARY_MILLISECONDS) return;
      const elapsed = formatDuration((now - this.startedAt) / 1000);
      this.io.writeError(`after ${elapsed}: ${parts.map(longest).join(SEPARATOR)}\n`);
    } else {
      if (this.lineShown && age < REDRAW_MILLISECONDS) return;
      // In the last column, the cursor of some terminals moves on to the next line.
      this.io.writeError(`\r\u001b[K${fitting(parts, terminalColumns - 1)}`);
      this.lineShown = true;
    }
    this.lineAt = now;
  }

  /** Writes a line that stays, above the one that is overwritten. */
  keep(text: string): void {
    this.write(`${text}\n`);
  }

  /** The same for a text that ends with a line break. */
  readonly write = (text: string): void => {
    this.clear();
    this.io.writeError(text);
  };

  clear(): void {
    if (this.lineShown) this.io.writeError('\r\u001b[K');
    this.lineShown = false;
  }
}

/** How many of all things that are counted are done, such as `2,500/10,000 steps (25%)`. */
export function countPart(done: number, total: number, nouns: string): ProgressPart {
  // Several environments may take a run beyond its steps.
  const percent = `${Math.min(100, Math.floor((100 * done) / total))}%`;
  const count = `${formatCount(done)}/${formatCount(total)}`;
  return [`${count} ${nouns} (${percent})`, count, percent];
}

function longest(part: ProgressPart): string {
  return typeof part === 'string' ? part : part[0];
}

/** As many parts as fit, none of them cut: half a number would be a different number. */
function fitting(parts: readonly [ProgressPart, ...ProgressPart[]], room: number): string {
  const forms = [parts[0]].flat();
  const texts = [
    ...parts.map((_, i) =>
      parts
        .slice(0, parts.length - i)
        .map(longest)
        .join(SEPARATOR),
    ),
    ...forms.slice(1),
  ];
  return texts.find((text) => displayWidth(text) <= room) ?? '';
}
