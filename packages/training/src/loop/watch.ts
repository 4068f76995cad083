/** How closely environments and agents are looked at while they are used. */
export interface Watch {
  /**
   * Look closer at the first 3 episodes of each environment, 1,000 steps at most, and at the first 1,000 actions, as
   * Gymnasium's PassiveEnvChecker does. No number depends on it. What would break learning is found without it too.
   * Default true.
   */
  readonly check?: boolean | undefined;
  /** Is told what is odd without being a fault, such as an observation beyond its bounds, once each. */
  readonly onWarning?: ((message: string) => void) | undefined;
}
