import type { Evaluation } from '@maxent/core';

type Endings = Pick<Evaluation, 'cutEpisodes' | 'unstableEpisodes' | 'lengths'>;

/** A sentence for each way in which episodes ended that the environment's author did not mean. */
export function episodeNotices({ cutEpisodes = 0, unstableEpisodes = 0, lengths }: Endings): string[] {
  const notices: string[] = [];
  if (cutEpisodes > 0) {
    notices.push(
      `${cutEpisodes} of ${lengths.length} episodes had not ended after ${Math.max(...lengths)} steps and were cut; their ` +
        'returns count the steps taken. --eval-max-steps sets another bound',
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
