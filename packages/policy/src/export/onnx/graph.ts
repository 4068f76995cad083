import { Message } from './protobuf.js';

/** The element types of ONNX's TensorProto. */
const FLOAT = 1;
const INT64 = 7;

/** A value in the graph, by name. */
export type Value = string;
type Attributes = Readonly<Record<string, number>>;

/** An ONNX model under construction: nodes in order, constants, inputs and outputs (onnx.proto, operator set 13). */
export class Graph {
  private readonly nodes: Message[] = [];
  private readonly constants: Message[] = [];
  private readonly inputs: Message[] = [];
  private readonly outputs: Message[] = [];
  private made = 0;

  /** Adds a float32 input, [batch, ...shape]. */
  input(name: string, shape: readonly number[]): Value {
    this.inputs.push(valueInfo(name, FLOAT, shape));
    return name;
  }

  /** Adds an input of one integer for each row of the batch. */
  indexInput(name: string): Value {
    this.inputs.push(valueInfo(name, INT64, []));
    return name;
  }

  floats(values: ArrayLike<number>, shape: readonly number[]): Value {
    const data = new Uint8Array(Float32Array.from(values).buffer);
    return this.constant(FLOAT, data, shape);
  }

  integers(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.constant(INT64, data, shape);
  }

  /** Appends a node and returns its output. Only integer attributes are needed. */
  apply(operator: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    const output = this.name();
    this.append(operator, inputs, output, attributes);
    return output;
  }

  /** The columns `from` to `to` - 1 of [batch, columns]. */
  columns(value: Value, from: number, to: number): Value {
    return this.apply('Slice', [value, this.integers([from]), this.integers([to]), this.integers([1])]);
  }

  /** Names a value and makes it an output: float32 [batch, ...shape], or integers [batch]. */
  output(name: string, value: Value, shape: readonly number[] | 'index'): void {
    this.append('Identity', [value], name, {});
    this.outputs.push(shape === 'index' ? valueInfo(name, INT64, []) : valueInfo(name, FLOAT, shape));
  }

  /** Returns the finished file. */
  finish(producer: string): Uint8Array<ArrayBuffer> {
    const graph = new Message();
    for (const node of this.nodes) graph.message(1, node);
    graph.text(2, 'policy');
    for (const constant of this.constants) graph.message(5, constant);
    for (const input of this.inputs) graph.message(11, input);
    for (const output of this.outputs) graph.message(12, output);
    return new Message()
      .integer(1, 8)
      .text(2, producer)
      .message(7, graph)
      .message(8, new Message().text(1, '').integer(2, 13))
      .finish();
  }

  private append(operator: string, inputs: readonly Value[], output: Value, attributes: Attributes): void {
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(3, `node-${this.nodes.length}`).text(4, operator);
    for (const [name, value] of Object.entries(attributes)) {
      node.message(5, new Message().text(1, name).integer(3, value).integer(20, 2));
    }
    this.nodes.push(node);
  }

  private constant(type: number, data: Uint8Array, shape: readonly number[]): Value {
    const name = this.name();
    const tensor = new Message();
    for (const size of shape) tensor.integer(1, size);
    this.constants.push(tensor.integer(2, type).text(8, name).bytes(9, data));
    return name;
  }

  private name(): Value {
    this.made += 1;
    return `v${this.made}`;
  }
}

function valueInfo(name: string, type: number, shape: readonly number[]): Message {
  const dimensions = new Message().message(1, new Message().text(2, 'batch'));
  for (const size of shape) dimensions.message(1, new Message().integer(1, size));
  const tensor = new Message().integer(1, type).message(2, dimensions);
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}
