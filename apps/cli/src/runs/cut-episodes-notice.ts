/** One sentence about episodes that did not end by themselves; undefined where all did. */
export function cutEpisodesNotice({
  cutEpisodes = 0,
  lengths,
}: {
  readonly cutEpisodes?: number | undefined;
  readonly lengths: readonly number[];
}): string | undefined {
  if (cutEpisodes === 0) return undefined;
  return (
    `${cutEpisodes} of ${lengths.length} episodes had not ended after ${Math.max(...lengths)} steps and were cut; their ` +
    'returns are those of the steps taken. --eval-max-steps sets another bound'
  );
}
