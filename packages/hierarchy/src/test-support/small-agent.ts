/** Settings of a latent space agent that runs quickly, even if it learns nothing, and soon fills its replay. */
export const small = {
  hiddenSizes: [8],
  couplingHiddenSize: 4,
  batchSize: 16,
  learningStarts: 5,
  replayCapacity: 30,
};
