import type { Turn } from '../dataset.ts';
import { collectMedia } from './media.ts';
import type { RecordFamily } from './recordFamily.ts';
import { firstField, isRecordValue, textOf } from './recordValue.ts';

const queryNames = ['query', 'prompt', 'question', 'problem'];
const responseNames = ['response', 'answer', 'solution', 'completion', 'target'];

function pushPair(turns: Turn[], question: string, answer: string): void {
  turns.push({ role: 'human', text: question }, { role: 'gpt', text: answer });
}

function pushHistory(turns: Turn[], history: unknown): void {
  if (!Array.isArray(history)) return;
  for (const pair of history) if (Array.isArray(pair)) pushPair(turns, textOf(pair[0]), textOf(pair[1]));
}

/** ms-swift's `query`, `response`, `history: [[question, answer]]` and its documented aliases. */
export const queryResponseFamily: RecordFamily = {
  variants: ['query-response'],
  placeholders: true,
  matches: (record) => firstField(record, queryNames) !== undefined && firstField(record, responseNames) !== undefined,
  variantOf: () => 'query-response',
  read(record, spec, { turns, media }) {
    collectMedia(record, spec, media);
    pushHistory(turns, record.history);
    pushPair(turns, textOf(firstField(record, queryNames)), textOf(firstField(record, responseNames)));
  },
};

/** ms-swift's `conversation: [{human, assistant}]`. */
export const humanAssistantFamily: RecordFamily = {
  variants: ['human-assistant'],
  placeholders: true,
  matches: (record) =>
    Array.isArray(record.conversation) &&
    record.conversation.some((pair: unknown) => isRecordValue(pair) && (pair.human !== undefined || pair.assistant !== undefined)),
  variantOf: () => 'human-assistant',
  read(record, spec, { turns, media }) {
    collectMedia(record, spec, media);
    for (const pair of record.conversation as readonly unknown[])
      if (isRecordValue(pair)) pushPair(turns, textOf(pair.human ?? pair.user), textOf(pair.assistant));
  },
};

/** `instruction`, `input`, `output`: Alpaca without, LLaVA's coco2014_val_gpt4_qa with an image, whose place the text never marks. */
export const instructionFamily: RecordFamily = {
  variants: ['alpaca', 'instruction-output'],
  placeholders: false,
  matches: (record, spec) =>
    record[spec.columns?.prompt ?? 'instruction'] !== undefined && record[spec.columns?.response ?? 'output'] !== undefined,
  variantOf: (record, spec) => (record.image === undefined || record.input !== undefined || spec.columns ? 'alpaca' : 'instruction-output'),
  read(record, spec, { turns, media }) {
    collectMedia(record, spec, media);
    const { columns } = spec;
    pushHistory(turns, record[columns?.history ?? 'history']);
    const instruction = textOf(record[columns?.prompt ?? 'instruction']);
    const input = textOf(record[columns?.query ?? 'input']);
    pushPair(turns, input === '' ? instruction : `${instruction}\n${input}`, textOf(record[columns?.response ?? 'output']));
  },
};
