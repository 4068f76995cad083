export { activate, activationGradient } from './activation';
export { affineCoupling, affineCouplingGradient } from './affine-coupling';
export { columnSums, matrixMultiply, matrixMultiplyScratch } from './matrix';
export { adam, polyak, scale, sumOfSquares } from './optimizer';
export { addToRows, gatherRows, nonzeroRows } from './rows';
export { squashedGaussian, squashedGaussianGradient } from './squashed-gaussian';
