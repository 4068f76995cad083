import type { Activation } from '../operations/activation.js';

/** The numbers by which assembly/activation.ts knows the functions. */
export const activationCodes: Record<Activation, number> = { linear: 0, relu: 1, tanh: 2, elu: 3 };
