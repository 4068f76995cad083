export { activate, activationGradient } from './activation';
export { affineCoupling, affineCouplingGradient } from './affine-coupling';
export {
  batchNormalization, batchNormalizationGradient, batchNormalizationSums, foldNormalization,
} from './batch-normalization';
export { columnSums, matrixMultiply, matrixMultiplyScratch } from './matrix';
export { fillNormal } from './normal';
export { adam, polyak, scale, sumOfSquares } from './optimizer';
export { addToRows, copyBlock, gatherRows, nonzeroRows } from './rows';
export {
  softBellmanTarget, softPolicyLoss, softPolicyLossGradient, squaredError, squaredErrorGradient,
} from './soft-values';
export { squashedGaussian, squashedGaussianGradient } from './squashed-gaussian';
