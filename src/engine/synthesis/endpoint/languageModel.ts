import type { SynthesisUsage } from '../../../protocol/synthesis.ts';

/** One message of a chat. Text of a dataset stands in `user` messages only, marked as data. */
export interface ChatMessage {
  readonly role: 'system' | 'user';
  readonly text: string;
  /** A picture that goes with the text: the file's bytes. Only for models that see. */
  readonly image?: { readonly bytes: Uint8Array; readonly format: string };
}

export interface ChatOptions {
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/**
 * Any language model: a chat endpoint, or what the editor offers.
 * An answer that `accept` throws an `UnusableAnswer` for is asked for again, within the model's attempts.
 */
export interface LanguageModel {
  readonly name: string;
  /** Whether messages may hold pictures; undefined: not known before it is tried. */
  readonly sees: boolean | undefined;
  /** @throws EngineError `synthesis.endpoint`, `run.cancelled`; UnusableAnswer after the last attempt */
  chat<T>(
    messages: readonly ChatMessage[],
    options: ChatOptions,
    accept: (text: string) => T,
  ): Promise<{ readonly value: T; readonly usage: SynthesisUsage }>;
}

/** A model answered, but not what was asked for. The message is about the form only and never quotes the answer. */
export class UnusableAnswer extends Error {
  override readonly name = 'UnusableAnswer';
}

export const noUsage: SynthesisUsage = { requests: 0, inputTokens: 0, outputTokens: 0, images: 0 };

export function addUsage(a: SynthesisUsage, b: SynthesisUsage): SynthesisUsage {
  return {
    requests: a.requests + b.requests,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    images: a.images + b.images,
  };
}
