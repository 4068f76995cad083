/** What a run does unless the command line says otherwise. */
export const runDefaults = {
  seed: 1,
  evalEvery: 5000,
  evalEpisodes: 10,
  logEvery: 1000,
  checkpointEvery: 5000,
};
