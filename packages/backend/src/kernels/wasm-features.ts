/** Modules of one function with a v128 local; whether they validate says what the engine has. */
const header = [0, 97, 115, 109, 1, 0, 0, 0];
const oneFunction = [1, 4, 1, 96, 0, 0, 3, 2, 1, 0];
/** local.get 0; drop; end. */
const simd128 = [10, 9, 1, 7, 1, 1, 123, 32, 0, 26, 11];
/** local.get 0, three times; f32x4.relaxed_madd; drop; end. */
const relaxedSimd = [10, 16, 1, 14, 1, 1, 123, 32, 0, 32, 0, 32, 0, 253, 133, 2, 26, 11];

/** Whether this WebAssembly engine has instructions on vectors of 128 bits. */
export function hasSimd128(): boolean {
  return validates(simd128);
}

/** Whether this WebAssembly engine has relaxed SIMD too, such as multiply-add in one instruction. */
export function hasRelaxedSimd(): boolean {
  return validates(relaxedSimd);
}

function validates(code: readonly number[]): boolean {
  return WebAssembly.validate(Uint8Array.of(...header, ...oneFunction, ...code));
}
