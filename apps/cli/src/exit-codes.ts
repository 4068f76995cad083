/** What the process returns to its caller; part of the machine interface. */
export const exitCodes = {
  success: 0,
  /** Something went wrong while running. */
  failure: 1,
  /** The command line or a file it names is not usable. */
  usage: 2,
  /** Stopped by Ctrl-C, after the checkpoint. */
  interrupted: 130,
} as const;
