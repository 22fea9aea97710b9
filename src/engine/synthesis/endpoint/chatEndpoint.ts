import * as v from 'valibot';
import type { SynthesisUsage } from '../../../protocol/synthesis.ts';
import { EndpointClient, type EndpointOptions } from './endpointClient.ts';
import { addUsage, type ChatMessage, type LanguageModel, noUsage, UnusableAnswer } from './languageModel.ts';

/** A conversation is some kilobytes; anything near this is no answer. */
const answerBytes = 8 * 1024 * 1024;

const count = v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0)), 0);
const answerSchema = v.object({
  choices: v.pipe(
    v.array(v.object({ message: v.object({ content: v.nullish(v.string()) }), finish_reason: v.nullish(v.string()) })),
    v.minLength(1),
  ),
  usage: v.nullish(v.object({ prompt_tokens: count, completion_tokens: count })),
});

/** A chat model behind `POST {base}chat/completions` (vLLM, Ollama, LM Studio, llama.cpp, hosted ones). */
export function chatEndpoint(options: EndpointOptions, model: string): LanguageModel {
  const client = new EndpointClient(options);
  return {
    name: model,
    sees: undefined,
    async chat(messages, { maxTokens, temperature, seed, signal }, accept) {
      let used: SynthesisUsage = noUsage;
      const value = await client.post(
        'chat/completions',
        (attempt) => {
          used = addUsage(used, { ...noUsage, requests: 1 });
          // Another seed per attempt: the same question to a deterministic model gives the same unusable answer.
          return {
            model,
            messages: messages.map(wireMessage),
            max_tokens: maxTokens,
            temperature,
            seed: (seed + attempt) >>> 1,
            stream: false,
          };
        },
        { maxBytes: answerBytes, signal },
        (answer) => {
          const parsed = v.safeParse(answerSchema, answer);
          if (!parsed.success) throw new UnusableAnswer('the answer is no chat completion');
          const { choices, usage } = parsed.output;
          const spent = { ...noUsage, inputTokens: usage?.prompt_tokens ?? 0, outputTokens: usage?.completion_tokens ?? 0 };
          used = addUsage(used, spent);
          client.spending.add(spent);
          const [choice] = choices;
          if (choice?.finish_reason === 'length') throw new UnusableAnswer(`the answer is longer than ${maxTokens} tokens`);
          if (choice?.finish_reason === 'content_filter') throw new UnusableAnswer('the answer was withheld by a filter');
          const text = choice?.message.content?.trim() ?? '';
          if (text === '') throw new UnusableAnswer('the answer is empty');
          return accept(text);
        },
      );
      return { value, usage: used };
    },
  };
}

function wireMessage({ role, text, image }: ChatMessage): object {
  if (!image) return { role, content: text };
  const url = `data:image/${image.format};base64,${Buffer.from(image.bytes).toString('base64')}`;
  return {
    role,
    content: [
      { type: 'text', text },
      { type: 'image_url', image_url: { url } },
    ],
  };
}
