import { collectMedia } from './media.ts';
import type { RecordFamily } from './recordFamily.ts';
import { isRecordValue, type RecordValue } from './recordValue.ts';
import { readTurns } from './turnList.ts';

/** OpenAI's `messages: [{role, content}]` with an `images` list beside it (LLaMA-Factory, ms-swift). */
export const messagesFamily: RecordFamily = {
  variants: ['messages'],
  placeholders: true,
  matches: (record) => Array.isArray(record.messages) && !hasBlocks(record.messages),
  variantOf: () => 'messages',
  read(record, spec, { turns, media }) {
    collectMedia(record, spec, media);
    readTurns(record.messages as readonly unknown[], spec, turns, media);
  },
};

/** The same with content blocks: the pictures stand in the blocks, so there are no placeholders. */
export const contentBlocksFamily: RecordFamily = {
  variants: ['content-blocks'],
  placeholders: false,
  matches: (record) => Array.isArray(record.messages) && hasBlocks(record.messages),
  variantOf: () => 'content-blocks',
  read: messagesFamily.read,
};

function hasBlocks(list: readonly unknown[]): boolean {
  return list.some((turn: unknown) => isRecordValue(turn) && Array.isArray((turn as RecordValue).content));
}
