export { type Forecast, forecastLinearGaussian } from './forecast.js';
export { type FilteredStates, kalmanFilter, linearGaussianLogLikelihood } from './kalman-filter.js';
export { LinearGaussianModel, type LinearGaussianParameters, type TimeVarying } from './model.js';
export { KalmanFilter } from './online-kalman-filter.js';
export { rtsSmooth, type SmoothedStates } from './rts-smooth.js';
export { type LinearGaussianSample, sampleLinearGaussian } from './sample.js';
export { sampleLinearGaussianPosterior } from './sample-posterior.js';
export type { SeriesOptions } from './series.js';
