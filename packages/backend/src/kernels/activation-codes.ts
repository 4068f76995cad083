import type { Activation } from '../operations/activation.js';

/** The number of each function in assembly/activation.ts. */
export const activationCodes: Record<Activation, number> = { linear: 0, relu: 1, tanh: 2, elu: 3 };
