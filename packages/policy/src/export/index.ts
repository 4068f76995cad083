export { FORMATS, type Format, type FormatSupport, formatSupport } from './formats.js';
export { toJavaScript } from './javascript.js';
export { toOnnx } from './onnx/to-onnx.js';
