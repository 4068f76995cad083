/**
 * The agents, by name, that the compiler knows. A package with agents, environments or task families adds the types of
 * its definitions under their names. Code that imports the package can then write these names, and no others, and gets
 * the types that belong to them:
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
 * These interfaces hold only types. A `Registry` knows which definitions exist at run time.
 */
// biome-ignore lint/suspicious/noEmptyInterface: packages add to it.
export interface RegisteredAgents {}

/** Environments by id: see `RegisteredAgents`. */
// biome-ignore lint/suspicious/noEmptyInterface: packages add to it.
export interface RegisteredEnvironments {}

/** Task families by id: see `RegisteredAgents`. */
// biome-ignore lint/suspicious/noEmptyInterface: packages add to it.
export interface RegisteredTaskFamilies {}
