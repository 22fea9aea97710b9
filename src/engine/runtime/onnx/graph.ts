import { ProtobufWriter } from './protobuf.ts';

/** TensorProto.DataType */
export const tensorTypes = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10, float64: 11 } as const;
export type TensorType = keyof typeof tensorTypes;

/** A fixed size, or the name of one that a run decides. */
export type Dimension = number | string;
type Attribute = number | readonly number[] | { readonly float: number };

/** ONNX 1.12; every execution provider of the runtime knows it. */
const opsetVersion = 17;
/** Intermediate representation of the same release. */
const irVersion = 8;
/** AttributeProto.AttributeType */
const attributeTypes = { float: 1, int: 2, ints: 7 } as const;

/** A computation as an ONNX model, written down node by node. Field numbers are those of onnx.proto. */
export class OnnxGraph {
  readonly #graph = new ProtobufWriter();
  #values = 0;

  input(name: string, type: TensorType, shape: readonly Dimension[]): string {
    this.#graph.message(11, valueInfo(name, type, shape));
    return name;
  }

  output(name: string, type: TensorType, shape: readonly Dimension[]): void {
    this.#graph.message(12, valueInfo(name, type, shape));
  }

  /** A constant; providers pack its values once for the session. */
  constant(name: string, type: TensorType, shape: readonly number[], values: Uint8Array): string {
    const tensor = new ProtobufWriter();
    for (const size of shape) tensor.integer(1, size);
    tensor.integer(2, tensorTypes[type]).text(8, name).bytes(9, values);
    this.#graph.message(5, tensor);
    return name;
  }

  /** Adds a node with one output and returns the name of that value. */
  node(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}, output?: string): string {
    const result = output ?? `v${this.#values++}`;
    const node = new ProtobufWriter();
    for (const input of inputs) node.text(1, input);
    node.text(2, result).text(4, operator);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    this.#graph.message(1, node);
    return result;
  }

  /** The bytes of the model. */
  model(): Uint8Array {
    const opset = new ProtobufWriter().text(1, '').integer(2, opsetVersion);
    this.#graph.text(2, 'ballast');
    return new ProtobufWriter().integer(1, irVersion).text(2, 'ballast').message(7, this.#graph).message(8, opset).finish();
  }
}

function attribute(name: string, value: Attribute): ProtobufWriter {
  const message = new ProtobufWriter().text(1, name);
  if (typeof value === 'number') return message.integer(3, value).integer(20, attributeTypes.int);
  if ('float' in value) return message.float(2, value.float).integer(20, attributeTypes.float);
  for (const one of value) message.integer(8, one);
  return message.integer(20, attributeTypes.ints);
}

function valueInfo(name: string, type: TensorType, shape: readonly Dimension[]): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const size of shape)
    dimensions.message(1, typeof size === 'number' ? new ProtobufWriter().integer(1, size) : new ProtobufWriter().text(2, size));
  const tensor = new ProtobufWriter().integer(1, tensorTypes[type]).message(2, dimensions);
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
}
