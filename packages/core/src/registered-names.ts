/**
 * What can be asked for by name, as the compiler knows it. A package that brings agents, environments or task families
 * adds the types of its definitions under their names, and whoever imports it can then write these names, and no others,
 * with types that follow from them:
 *
 *     declare module '@maxent/core' {
 *       interface RegisteredAgents {
 *         sac: typeof softActorCritic;
 *       }
 *       interface RegisteredEnvironments {
 *         'Pendulum-v1': typeof pendulum;
 *       }
 *     }
 *
 * These interfaces hold types alone. Which definitions there are at run time, a `Registry` says.
 */
// biome-ignore lint/suspicious/noEmptyInterface: packages add to it.
export interface RegisteredAgents {}

/** Environments by id: see `RegisteredAgents`. */
// biome-ignore lint/suspicious/noEmptyInterface: packages add to it.
export interface RegisteredEnvironments {}

/** Task families by id: see `RegisteredAgents`. */
// biome-ignore lint/suspicious/noEmptyInterface: packages add to it.
export interface RegisteredTaskFamilies {}
