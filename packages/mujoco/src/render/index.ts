export type { PictureSize } from './draw-svg.js';
export { MujocoRenderer, type MujocoRendererOptions } from './mujoco-renderer.js';
export { MujocoScene } from './mujoco-scene.js';
export type { CameraOptions } from './stage.js';
