import type { Tensor } from 'onnxruntime-node';
import type { NumberTensor } from '../contracts.ts';
import { floatsToHalves, halvesToFloats } from './halfFloat.ts';
import type { OnnxRuntime } from './onnxRuntime.ts';

/** A tensor of the type that a graph declares. Fractions are cut off for whole types. @throws Error for a type that holds no numbers */
export function toTensor({ Tensor }: OnnxRuntime, type: string, { values, shape }: NumberTensor): Tensor {
  switch (type) {
    case 'float32':
      return new Tensor('float32', values instanceof Float32Array ? values : Float32Array.from(values), shape);
    case 'float64':
      return new Tensor('float64', Float64Array.from(values), shape);
    case 'float16': {
      const bits = floatsToHalves(values);
      const tensor = new Tensor('float16', bits, shape);
      // Where JavaScript has a Float16Array the library makes one of the bits, which its native part cannot read (1.30).
      Object.defineProperty(tensor, 'data', { value: bits });
      return tensor;
    }
    case 'int64':
      return new Tensor(
        'int64',
        BigInt64Array.from(values, (value) => BigInt(Math.trunc(value))),
        shape,
      );
    case 'int32':
      return new Tensor('int32', Int32Array.from(values), shape);
    case 'uint8':
      return new Tensor('uint8', Uint8Array.from(values), shape);
    case 'bool':
      return new Tensor(
        'bool',
        Uint8Array.from(values, (value) => (value === 0 ? 0 : 1)),
        shape,
      );
    default:
      throw new Error(`inputs of type ${type} are not supported`);
  }
}

/** A tensor's numbers in single precision. @throws Error for a type that holds no numbers */
export function fromTensor({ data, type, dims }: Tensor): NumberTensor & { readonly values: Float32Array } {
  const shape = [...dims];
  if (data instanceof Float32Array) return { values: data, shape };
  if (type === 'float16' && ArrayBuffer.isView(data))
    return { values: halvesToFloats(new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)), shape };
  if (type === 'string') throw new Error('an output holds texts');
  return { values: Float32Array.from(data as ArrayLike<number | bigint>, Number), shape };
}
