import type * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from './native-backend.js';

/** What one of TensorFlow's in-place operations changes and reads. */
interface InPlaceCall {
  readonly name: string;
  /** The variables to change, in the operation's order. */
  readonly variables: readonly tf.Variable[];
  /** Further inputs, after the variables. */
  readonly inputs: readonly tf.Tensor[];
}

/** TensorFlow's own variables, which tfjs variables lend their values to; made once per backend object. */
const resources = new WeakMap<NativeBackend, number[]>();

/**
 * Runs a TensorFlow operation that changes resource variables (such as `ResourceApplyAdam`) on tfjs variables, in
 * place. To TensorFlow, tfjs variables are plain tensors, so each buffer is handed to a resource variable during the
 * call. `AssignVariableOp` and `ReadVariableOp` copy nothing, and once tfjs drops its own reference TensorFlow sees
 * that it may overwrite the values. Where anything else shares them (a clone, a reshaped tensor, the caller's typed
 * array) TensorFlow copies first.
 */
export function runInPlace(backend: NativeBackend, { name, variables, inputs }: InPlaceCall): void {
  const { binding } = backend;
  const handles = resourceVariables(backend, variables.length);
  const type = (attribute: string) => ({
    name: attribute,
    type: binding.TF_ATTR_TYPE,
    value: binding.TF_FLOAT,
  });
  const inputIds = backend.getInputTensorIds(inputs);
  for (const [i, variable] of variables.entries()) {
    const [id] = backend.getInputTensorIds([variable]);
    binding.executeOp('AssignVariableOp', [type('dtype')], [handles[i]!, id!], 0);
    // Several tfjs tensors share these values: only the variable gets new ones.
    if (backend.refCount(variable.dataId) > 1) separate(backend, variable, handles[i]!, type('dtype'));
    binding.deleteTensor(backend.tensorMap.get(variable.dataId).id);
  }
  try {
    binding.executeOp(name, [type('T')], [...handles, ...inputIds], 0);
  } finally {
    for (const [i, variable] of variables.entries()) {
      const [value] = binding.executeOp('ReadVariableOp', [type('dtype')], [handles[i]!], 1);
      backend.tensorMap.get(variable.dataId).id = value!.id;
    }
  }
}

/** Gives a variable its own tensor, with the values that the resource variable now holds. */
function separate(
  backend: NativeBackend,
  variable: tf.Variable,
  handle: number,
  attribute: { readonly name: string; readonly type: number; readonly value: number },
): void {
  const [value] = backend.binding.executeOp('ReadVariableOp', [attribute], [handle], 1);
  const own = backend.createOutputTensor({
    id: value!.id,
    shape: variable.shape,
    dtype: backend.binding.TF_FLOAT,
  });
  variable.assign(own);
  own.dispose();
}

/** How many of TensorFlow's tensors are handles of the resource variables above. */
export function countResourceVariables(backend: NativeBackend): number {
  return resources.get(backend)?.length ?? 0;
}

function resourceVariables(backend: NativeBackend, count: number): number[] {
  const { binding } = backend;
  const handles = resources.get(backend) ?? [];
  resources.set(backend, handles);
  while (handles.length < count) {
    const attributes = [
      { name: 'dtype', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
      // This shape means any vector; AssignVariableOp does not check it, so values of any shape will do.
      { name: 'shape', type: binding.TF_ATTR_SHAPE, value: [-1] },
      { name: 'container', type: binding.TF_ATTR_STRING, value: '' },
      { name: 'shared_name', type: binding.TF_ATTR_STRING, value: `maxent/${handles.length}` },
    ];
    handles.push(binding.executeOp('VarHandleOp', attributes, [], 1)[0]!.id);
  }
  return handles.slice(0, count);
}
