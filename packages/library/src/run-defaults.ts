/** The defaults of a run, shared by the command line and `train`. */
export const runDefaults = {
  seed: 1,
  evalEvery: 5000,
  evalEpisodes: 10,
  logEvery: 1000,
  checkpointEvery: 5000,
} as const;
