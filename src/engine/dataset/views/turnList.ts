import type { Media, Turn, ViewSpec } from '../dataset.ts';
import { pushMedia } from './media.ts';
import { isRecordValue, textOf } from './recordValue.ts';

/** The sources' words for the two usual roles. Other roles keep their word. */
const roleNames: Readonly<Record<string, string>> = {
  human: 'human',
  user: 'human',
  gpt: 'gpt',
  assistant: 'gpt',
  bot: 'gpt',
  model: 'gpt',
  chatgpt: 'gpt',
};

/** Roles that some trainer documents, after mapping. */
const knownRoles = new Set(['human', 'gpt', 'system', 'function_call', 'function', 'observation', 'tool', 'tool_call', 'tool_response']);

export function isKnownRole(role: string): boolean {
  return knownRoles.has(role);
}

interface TurnNames {
  readonly role: string;
  readonly text: string;
  readonly roles: Readonly<Record<string, string>>;
}

const namesOfSpec = new WeakMap<object, TurnNames>();

/** LLaMA-Factory's `tags`: how a turn names its role, its text and the roles themselves. */
function turnNames(spec: ViewSpec): TurnNames | undefined {
  const tags = spec.tags;
  if (!tags) return undefined;
  const known = namesOfSpec.get(tags);
  if (known) return known;
  const roles: Record<string, string> = {};
  for (const [tag, role] of [
    ['user_tag', 'human'],
    ['assistant_tag', 'gpt'],
    ['system_tag', 'system'],
    ['observation_tag', 'observation'],
    ['function_tag', 'function_call'],
  ] as const) {
    const word = tags[tag];
    if (word !== undefined) roles[word] = role;
  }
  const names = { role: tags.role_tag ?? 'from', text: tags.content_tag ?? 'value', roles };
  namesOfSpec.set(tags, names);
  return names;
}

/**
 * Reads a list of turns: `from`/`value` or `role`/`content` (or the names that `spec.tags` gives), plain strings taking turns,
 * or content blocks, whose texts are joined and whose pictures become media.
 */
export function readTurns(list: readonly unknown[], spec: ViewSpec, turns: Turn[], media: Media[]): void {
  const names = turnNames(spec);
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (!isRecordValue(item)) {
      turns.push({ role: i % 2 === 0 ? 'human' : 'gpt', text: textOf(item) });
      continue;
    }
    const word = textOf((names && item[names.role]) ?? item.from ?? item.role);
    // InternVL's documents spell `value` as `text` in some answers.
    const content = (names && item[names.text]) ?? item.value ?? item.content ?? item.text;
    const text = typeof content === 'string' ? content : Array.isArray(content) ? readBlocks(content, media) : textOf(content);
    turns.push({ role: names?.roles[word] ?? roleNames[word] ?? word, text });
  }
}

/** Content blocks of OpenAI, xtuner, ms-swift (`text`, `image_url`, `image`) and LLaMA-Factory v1 (`{type, value}`). */
function readBlocks(blocks: readonly unknown[], media: Media[]): string {
  const texts: string[] = [];
  for (const block of blocks) {
    if (typeof block === 'string') {
      texts.push(block);
      continue;
    }
    if (!isRecordValue(block)) continue;
    const type = textOf(block.type);
    const kind = type.startsWith('image')
      ? 'image'
      : type.startsWith('video')
        ? 'video'
        : type.startsWith('audio') || type === 'input_audio'
          ? 'audio'
          : undefined;
    if (kind) pushMedia(kind, block[type] ?? block[kind] ?? block[`${kind}_url`] ?? block.value ?? block.url ?? block.path, media);
    else texts.push(textOf(block.text ?? block.value ?? block.content));
  }
  return texts.join('\n');
}
