import type * as Onnx from 'onnxruntime-node';
import { RuntimeUnavailable } from '../runtimeUnavailable.ts';

export type OnnxRuntime = typeof Onnx;

let loading: Promise<OnnxRuntime> | undefined;

/** Loads the ONNX runtime once. Belongs into the compute process only: a run blocks its thread, and a failing provider may end the process. @throws RuntimeUnavailable */
export function loadOnnxRuntime(): Promise<OnnxRuntime> {
  loading ??= import('onnxruntime-node').catch((error: unknown) => {
    throw new RuntimeUnavailable('onnxruntime-node', 'to multiply matrices', error);
  });
  return loading;
}

/** Message of anything thrown, on one line and without the place in the runtime's sources that it may begin with. */
export function reasonOf(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').trim();
  return message.replace(/^\/\S+:\d+ .*? was false\. /, '');
}
