import type { InstanceDetail, InstanceRow, MediaDetail, TurnDetail } from '../../protocol/browse.ts';
import type { HeadRecord } from './headRecords.ts';

const beginUnits = 200;
/** As the engine's `InstanceDetail`. */
const recordUnits = 256 * 1024;
const turnUnits = 64 * 1024;

/** What the browser shows of a record without the engine: the row and the conversation, nothing that needs the whole dataset. */
export interface HeadInstance {
  readonly row: InstanceRow;
  readonly detail: InstanceDetail;
}

export function headInstance(record: HeadRecord, ordinal: number, file: string): HeadInstance {
  const value = parse(record.text);
  const turns = value === undefined ? [] : turnsOf(value);
  const media = value === undefined ? [] : mediaOf(value);
  const id = value === undefined ? null : idOf(value.id);
  const bytes = Buffer.byteLength(record.text);
  const problems = value === undefined ? (['record.invalidJson'] as const) : [];
  const begin = turns.map(({ text }) => text).join(' ');
  return {
    row: {
      ordinal,
      usable: value !== undefined,
      id,
      begin: begin.slice(0, beginUnits),
      turns: turns.length,
      bytes,
      images: media.length,
      problems,
    },
    detail: {
      ordinal,
      usable: value !== undefined,
      id,
      file,
      range: null,
      bytes,
      text: record.text.slice(0, recordUnits),
      cut: record.text.length > recordUnits,
      turns: turns.map(({ role, text }) => ({ role, text: text.slice(0, turnUnits), cut: text.length > turnUnits, spans: [] })),
      media,
      problems: [],
      instanceKey: { content: '', duplicate: 0 },
      copies: 1,
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;
type Turn = Pick<TurnDetail, 'role' | 'text'>;

function parse(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The turns of the variants that Ballast reads; an unknown one has none. */
function turnsOf(fields: Fields): readonly Turn[] {
  for (const key of ['conversations', 'messages', 'conversation']) {
    const list = fields[key];
    if (Array.isArray(list)) return list.filter(isFields).flatMap(turnOf);
  }
  const pairs = [
    ['query', 'response'],
    ['instruction', 'output'],
  ] as const;
  for (const [asked, answered] of pairs) {
    const question = [fields[asked], asked === 'instruction' ? fields.input : undefined].filter(
      (part) => typeof part === 'string' && part !== '',
    );
    const answer = fields[answered];
    if (question.length > 0 && typeof answer === 'string')
      return [
        { role: 'human', text: question.join('\n') },
        { role: 'gpt', text: answer },
      ];
  }
  return typeof fields.text === 'string' ? [{ role: 'text', text: fields.text }] : [];
}

function turnOf(turn: Fields): readonly Turn[] {
  const human = turn.human ?? turn.user;
  const answer = turn.assistant;
  if (typeof human === 'string' && typeof answer === 'string')
    return [
      { role: 'human', text: human },
      { role: 'assistant', text: answer },
    ];
  const role = turn.from ?? turn.role;
  return [{ role: typeof role === 'string' ? role : '', text: textOf(turn.value ?? turn.content) }];
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return value.map((block) => (isFields(block) && typeof block.text === 'string' ? block.text : '')).join('');
}

function mediaOf(fields: Fields): readonly MediaDetail[] {
  const paths = (value: unknown): string[] =>
    (Array.isArray(value) ? value : [value]).filter((path) => typeof path === 'string' && path !== '');
  const images = paths(fields.image ?? fields.images).map((path): MediaDetail => ({ kind: 'image', path, state: 'missing' }));
  const videos = paths(fields.video ?? fields.videos).map((path): MediaDetail => ({ kind: 'video', path, state: 'missing' }));
  return [...images, ...videos];
}

function idOf(id: unknown): string | null {
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
