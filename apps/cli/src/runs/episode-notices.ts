import type { Evaluation } from '@maxent/core';

type Endings = Pick<Evaluation, 'cutEpisodes' | 'unstableEpisodes' | 'lengths'>;

/** A sentence about episodes that were cut off, and one about episodes with unstable simulations. */
export function episodeNotices({ cutEpisodes = 0, unstableEpisodes = 0, lengths }: Endings): string[] {
  const notices: string[] = [];
  if (cutEpisodes > 0) {
    notices.push(
      `${cutEpisodes} of ${lengths.length} episodes had not ended after ${Math.max(...lengths)} steps and were cut off; their ` +
        'returns count the steps taken. --eval-max-steps sets another limit',
    );
  }
  if (unstableEpisodes > 0) {
    notices.push(
      `${unstableEpisodes} of ${lengths.length} episodes ended because the simulation became unstable; their returns ` +
        'count the steps before. Smaller actions or a smaller time step help',
    );
  }
  return notices;
}
