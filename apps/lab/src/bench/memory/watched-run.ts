/** Environment steps before the first update; the next ones take one update each. */
export const learningStarts = 1000;

/** Total number of updates. */
export const updates = 20_000;

export const sampleEvery = 200;

/** A small network, and a replay that is full long before the samples that count. */
export const agentSettings = { hiddenSizes: [64, 64], learningStarts, replayCapacity: 2000 };
