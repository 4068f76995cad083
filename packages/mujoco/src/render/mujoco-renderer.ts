import type { Environment } from '@maxent/core';
import { WebGLRenderer } from 'three';
import type { PictureSize } from './draw-svg.js';
import { MujocoScene } from './mujoco-scene.js';
import type { CameraOptions } from './stage.js';

export interface MujocoRendererOptions extends PictureSize, CameraOptions {
  /** Where to draw. Default: a new canvas that is not on the page. */
  readonly canvas?: HTMLCanvasElement | OffscreenCanvas;
}

/**
 * Draws a MuJoCo environment with WebGL, on a page or in a worker. Browsers give a page only about 16 WebGL contexts,
 * and each renderer takes one: call `dispose`.
 */
export class MujocoRenderer {
  readonly canvas: HTMLCanvasElement | OffscreenCanvas;
  readonly view: MujocoScene;
  private readonly renderer: WebGLRenderer;

  /** Throws as the constructor of `MujocoScene` does, and three.js's Error where there is no WebGL. */
  constructor(environment: Environment, options: MujocoRendererOptions = {}) {
    const { canvas, width = 480, height = 360, ...camera } = options;
    this.canvas = canvas ?? new OffscreenCanvas(width, height);
    this.view = new MujocoScene(environment, camera);
    try {
      this.renderer = new WebGLRenderer({ canvas: this.canvas, antialias: true });
    } catch (error) {
      this.view.dispose();
      throw error;
    }
    this.renderer.shadowMap.enabled = true;
    this.resize(width, height);
  }

  /** Sets the size of the picture in pixels. */
  resize(width: number, height: number): void {
    this.renderer.setSize(width, height, false);
    this.view.camera.aspect = width / height;
    this.view.camera.updateProjectionMatrix();
  }

  /** Draws the environment's current state on the canvas. Throws InvalidStateError once the environment is closed. */
  draw(): void {
    this.view.update();
    this.renderer.render(this.view.scene, this.view.camera);
  }

  /** Draws, and returns red, green, blue and opacity of every pixel, row by row from the top: [height][width][4]. */
  pixels(): Uint8Array {
    this.draw();
    const { width, height } = this.canvas;
    const context = this.renderer.getContext();
    const upwards = new Uint8Array(4 * width * height);
    context.readPixels(0, 0, width, height, context.RGBA, context.UNSIGNED_BYTE, upwards);
    const pixels = new Uint8Array(upwards.length);
    const row = 4 * width;
    for (let y = 0; y < height; y++) {
      pixels.set(upwards.subarray(row * y, row * (y + 1)), row * (height - 1 - y));
    }
    return pixels;
  }

  /** Draws, and returns the picture as a PNG file. */
  async png(): Promise<Blob> {
    this.draw();
    // Both take the picture immediately, before the browser clears the canvas.
    if ('convertToBlob' in this.canvas) return this.canvas.convertToBlob({ type: 'image/png' });
    const { canvas } = this;
    return new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob === null ? reject(new Error('the canvas is empty')) : resolve(blob)));
    });
  }

  /** Frees all memory and the WebGL context; the environment stays open. Call once. */
  dispose(): void {
    this.view.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
  }
}
