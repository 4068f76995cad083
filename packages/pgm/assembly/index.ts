export { largest, sweep, weigh } from './sweep';
export { hmmBackward, hmmForward, hmmPairs } from './hmm';
export { kalmanFilter } from './kalman';
export { CONSTANTS, LOGARITHMS, POWERS, RECIPROCALS, TABLES_END } from './tables';
