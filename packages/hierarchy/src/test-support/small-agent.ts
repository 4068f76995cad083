/** Settings of a latent space agent that learns, if nothing, then quickly, and whose replay is soon full. */
export const small = {
  hiddenSizes: [8],
  couplingHiddenSize: 4,
  batchSize: 16,
  learningStarts: 5,
  replayCapacity: 30,
};
