import type { DatasetVariant } from '../../../protocol/dataset.ts';
import { collectMedia, pushInlineImages } from './media.ts';
import type { RecordFamily } from './recordFamily.ts';
import { isRecordValue, type RecordValue } from './recordValue.ts';
import { readTurns } from './turnList.ts';

const textTurns = new Set(['system', 'tools', 'images', 'videos', 'audios']);
const toolRoles = new Set(['function_call', 'observation', 'system', 'tool']);

/** `conversations: [{from, value}]`: LLaVA and all that grew from it. MiniCPM-V writes role/content there, Qwen-VL puts paths into the text. */
export const conversationsFamily: RecordFamily = {
  variants: ['llava', 'sharegpt', 'qwen-inline', 'minicpm'],
  placeholders: true,

  matches: (record, spec) => Array.isArray(record[spec.columns?.messages ?? 'conversations']),

  variantOf(record, spec) {
    const list = turnsOf(record, spec);
    if (spec.columns || spec.tags) return 'sharegpt';
    const first = list[0];
    if (isRecordValue(record.image) && Object.keys(record.image).some((key) => key.startsWith('<'))) return 'minicpm';
    if (isRecordValue(first) && first.from === undefined && first.role !== undefined) return 'minicpm';
    if (record.image !== undefined || record.video !== undefined) return 'llava';
    return variantOfTurns(record, list);
  },

  read(record, spec, { turns, media }) {
    collectMedia(record, spec, media);
    const named = media.length;
    readTurns(turnsOf(record, spec), spec, turns, media);
    if (named === 0 && media.length === 0) for (const turn of turns) pushInlineImages(turn.text, media);
  },
};

function turnsOf(record: RecordValue, spec: { readonly columns?: Readonly<Record<string, string>> }): readonly unknown[] {
  return record[spec.columns?.messages ?? 'conversations'] as readonly unknown[];
}

function variantOfTurns(record: RecordValue, list: readonly unknown[]): DatasetVariant | undefined {
  let tools = false;
  for (const turn of list) {
    if (!isRecordValue(turn)) continue;
    if (typeof turn.value === 'string' && /<img>.*<\/img>/s.test(turn.value)) return 'qwen-inline';
    tools ||= typeof turn.from === 'string' && toolRoles.has(turn.from);
  }
  return tools || Object.keys(record).some((key) => textTurns.has(key)) ? 'sharegpt' : undefined;
}
