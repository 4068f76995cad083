/** How closely environments and agents are checked while they are used. */
export interface Watch {
  /**
   * Check more closely the first 3 episodes of each environment (1,000 steps at most) and the first 1,000 actions, like
   * Gymnasium's PassiveEnvChecker. No result depends on it. Faults that would break learning are found without it too.
   * Default true.
   */
  readonly check?: boolean | undefined;
  /** Called once for each oddity that is not a fault, such as an observation outside its bounds. */
  readonly onWarning?: ((message: string) => void) | undefined;
}
