import { addUsage } from '../endpoint/languageModel.ts';
import { ItemFailed, type MadeParts, type MethodTools, type Parent, type SynthesisItem } from './method.ts';
import { marksOf } from './placeholders.ts';
import { writeCaption, writeConversation } from './writing.ts';

/** Requests for a detailed description; which one stands in an instance follows from its seed. */
const requestsForCaption = [
  'Describe this picture in detail.',
  'What does this picture show? Please be thorough.',
  'Give a detailed account of what can be seen here.',
  'Please describe everything that is visible in this picture.',
  'Explain what is in the picture, with all its details.',
  'How would you describe this picture to somebody who cannot see it?',
] as const;

/** Pixels of the longer side that a model gets to see. */
const shownSide = 1024;

/** A caption, or a conversation about it, for a picture: the parent's own or a new one. */
export async function newWords(
  kind: 'caption' | 'converse',
  item: SynthesisItem,
  parent: Parent,
  image: Uint8Array | undefined,
  { chat, pictures, parameters, signal }: MethodTools,
): Promise<Required<Pick<MadeParts, 'turns' | 'usage'>>> {
  if (!chat) throw new ItemFailed('noModel', 'no language model that sees is configured');
  // As PNG of moderate size: every model reads it, and no file goes out as it is.
  const pixels = image && (await pictures.rgb(image, shownSide));
  if (!pixels) throw new ItemFailed('image.undecodable', 'the image cannot be read');
  const png = await pictures.encode(pixels.rgb, pixels.width, pixels.height);
  const call = { chat, item, signal, maxTokens: parameters.maxTokens, temperature: parameters.temperature };
  const caption = await writeCaption(call, { bytes: png.bytes, format: png.format });
  const marks = marksOf(parent.view.turns);
  const system = parent.view.turns.filter(({ role }) => role === 'system');
  if (kind === 'caption') {
    const request = requestsForCaption[item.seed % requestsForCaption.length] ?? requestsForCaption[0];
    return {
      turns: [...system, { role: 'human', text: marks + request }, { role: 'gpt', text: caption.value }],
      usage: caption.usage,
    };
  }
  const conversation = await writeConversation(call, caption.value, { placeholders: marks, pairs: parameters.pairs });
  return { turns: [...system, ...conversation.value], usage: addUsage(caption.usage, conversation.usage) };
}
