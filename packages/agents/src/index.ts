export { agentsPlugin, softActorCritic } from './plugin.js';
export {
  type SoftActorCriticConfig,
  softActorCriticConfig,
  softActorCriticPresets,
} from './sac/config.js';
export {
  actorLoss,
  criticLoss,
  logTemperatureGradient,
  type SoftTargetInputs,
  softTarget,
} from './sac/losses.js';
export { SoftActorCritic } from './sac/soft-actor-critic.js';
