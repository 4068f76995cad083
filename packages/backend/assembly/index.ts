export { activate, activationGradient } from './activation';
export { affineCoupling, affineCouplingGradient } from './affine-coupling';
export {
  batchNormalization, batchNormalizationGradient, batchNormalizationSums, foldNormalization,
} from './batch-normalization';
export { layerNormalization, layerNormalizationGradient } from './layer-normalization';
export { columnSums, matrixMultiply, matrixMultiplyScratch } from './matrix';
export { fillNormal, fillUniform } from './normal';
export { adam, polyak, scale, sumOfSquares } from './optimizer';
export { importanceSoftValue, mixtureProposals, mixtureProposalsScratch } from './proposals';
export { addToRows, copyBlock, gatherRows, nonzeroRows } from './rows';
export {
  smallestValueGradient, softBellmanTarget, softPolicyLoss, softPolicyLossGradient, squaredError, squaredErrorGradient,
} from './soft-values';
export { squash, squashGradient } from './squash';
export { squashedGaussian, squashedGaussianGradient } from './squashed-gaussian';
export { steinDirections, steinDirectionsScratch } from './stein';
