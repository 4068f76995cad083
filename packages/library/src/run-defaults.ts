/** What a run does unless it is told otherwise. The command line and `train` share it. */
export const runDefaults = {
  seed: 1,
  evalEvery: 5000,
  evalEpisodes: 10,
  logEvery: 1000,
  checkpointEvery: 5000,
} as const;
