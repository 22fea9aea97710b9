import * as v from 'valibot';
import type { SynthesisUsage } from '../../../protocol/synthesis.ts';
import { EndpointClient, type EndpointOptions } from './endpointClient.ts';
import { noUsage, UnusableAnswer } from './languageModel.ts';

/** A picture of 4096 x 4096 pixels as PNG, in base64, with room for four. */
const answerBytes = 128 * 1024 * 1024;

const answerSchema = v.object({ data: v.pipe(v.array(v.object({ b64_json: v.string() })), v.minLength(1)) });
const linkSchema = v.object({ data: v.pipe(v.array(v.object({ url: v.string() })), v.minLength(1)) });

export interface ImageRequest {
  readonly prompt: string;
  readonly size: number;
  readonly signal: AbortSignal;
  /** A picture to start from, as PNG. */
  readonly source?: Uint8Array;
}

/** An image model behind `POST {base}images/generations` and `images/edits`. */
export interface ImagesEndpoint {
  readonly name: string;
  /** One picture as the endpoint sent it: bytes of unknown worth, for the gates. */
  make(request: ImageRequest): Promise<{ readonly bytes: Uint8Array; readonly usage: SynthesisUsage }>;
}

export function imagesEndpoint(options: EndpointOptions, model: string): ImagesEndpoint {
  const client = new EndpointClient(options);
  return {
    name: model,
    async make({ prompt, size, signal, source }) {
      const fields = { model, prompt, n: 1, size: `${size}x${size}`, response_format: 'b64_json' };
      let requests = 0;
      const body = (): object | FormData => {
        requests++;
        return source ? formOf(fields, source) : fields;
      };
      const path = source ? 'images/edits' : 'images/generations';
      const bytes = await client.post(path, body, { maxBytes: answerBytes, signal }, bytesOf);
      const usage = { ...noUsage, images: 1 };
      client.spending.add(usage);
      return { bytes, usage: { ...usage, requests } };
    },
  };
}

function formOf(fields: Readonly<Record<string, string | number>>, source: Uint8Array): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
  form.set('image', new Blob([new Uint8Array(source)], { type: 'image/png' }), 'source.png');
  return form;
}

function bytesOf(answer: unknown): Uint8Array {
  const parsed = v.safeParse(answerSchema, answer);
  if (parsed.success) {
    const text = parsed.output.data[0]?.b64_json ?? '';
    if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text)) throw new UnusableAnswer('the picture is not base64');
    return Buffer.from(text, 'base64');
  }
  // An address in an answer is not followed: it could name anything inside of the network.
  if (v.is(linkSchema, answer)) throw new UnusableAnswer('the endpoint gives addresses instead of pictures (b64_json is needed)');
  throw new UnusableAnswer('the answer holds no picture');
}
