export { checkAction } from './check-action.js';
export { Pendulum, pendulum } from './classic/pendulum.js';
export { makeEnvironment } from './make-environment.js';
export { envsPlugin } from './plugin.js';
export { type Outcome, StateVectorEnvironment } from './state-vector-environment.js';
export { type EpisodeStatistics, RecordEpisodeStatistics } from './wrappers/record-episode-statistics.js';
export { RescaleAction } from './wrappers/rescale-action.js';
export { TimeLimit } from './wrappers/time-limit.js';
export { EnvironmentWrapper } from './wrappers/wrapper.js';
