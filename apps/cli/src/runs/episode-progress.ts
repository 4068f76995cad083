import type { CommandContext } from '../commands/command.js';
import { formatDuration, formatValue } from '../output/format-number.js';
import { countPart, ProgressLine } from '../output/progress-line.js';

interface Episode {
  readonly episodeReturn: number;
  readonly length: number;
}

/** Shows how a command that runs `totalEpisodes` episodes is getting on, and writes its events. */
export class EpisodeProgress {
  private readonly line: ProgressLine;
  private returns = 0;
  private firstEndedAt = 0;

  constructor(
    private readonly context: Pick<CommandContext, 'io' | 'events'>,
    private readonly totalEpisodes: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.line = new ProgressLine(context.io, now);
  }

  /** To be called after each episode, which is counted from 0. */
  readonly onEpisode = ({ episodeReturn, length }: Episode, episode: number): void => {
    const { totalEpisodes } = this;
    const done = episode + 1;
    this.context.events?.write({
      type: 'episode',
      episode: done,
      totalEpisodes,
      return: episodeReturn,
      length,
    });
    this.returns += episodeReturn;
    // The first episode compiles code, so the others tell better how long the rest will take.
    if (episode === 0) this.firstEndedAt = this.now();
    const each = episode === 0 ? undefined : (this.now() - this.firstEndedAt) / episode;
    this.line.show([
      countPart(done, totalEpisodes, 'episodes'),
      ...(each === undefined ? [] : [`ETA ${formatDuration((each * (totalEpisodes - done)) / 1000)}`]),
      `mean return ${formatValue(this.returns / done)}`,
    ]);
  };

  /** Removes the line. */
  end(): void {
    this.line.clear();
  }
}
