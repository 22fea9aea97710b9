import type { ViewSpec } from '../../dataset/dataset.ts';
import { type JsonSpan, memberOf } from './jsonSpans.ts';

type StringSpan = Extract<JsonSpan, { readonly kind: 'string' }>;
type ArraySpan = Extract<JsonSpan, { readonly kind: 'array' }>;

/** Where the text of each turn stands in a record. */
export interface TurnSpots {
  /** In order of the turns. Undefined: the turn is put together from several values, so its text cannot be exchanged. */
  readonly texts: readonly (StringSpan | undefined)[];
  /** Elements of a list that may become longer or shorter, one per turn; absent where the number of turns is fixed. */
  readonly list?: ArraySpan;
}

const queryNames = ['query', 'prompt', 'question', 'problem'];
const responseNames = ['response', 'answer', 'solution', 'completion', 'target'];

/** Turns of a record in any variant, in the order of its view (`dataset/views`). Undefined when the record holds none. */
export function turnSpots(record: JsonSpan, spec: ViewSpec): TurnSpots | undefined {
  const { columns } = spec;
  const list = memberOf(record, columns?.messages ?? 'conversations') ?? memberOf(record, 'messages');
  if (list?.kind === 'array') return { list, texts: list.items.map((item) => textOf(item, spec)) };
  const pairs = memberOf(record, 'conversation');
  if (pairs?.kind === 'array')
    return {
      texts: pairs.items.flatMap((item) => [
        asString(memberOf(item, 'human') ?? memberOf(item, 'user')),
        asString(memberOf(item, 'assistant')),
      ]),
    };
  const query = firstOf(record, queryNames);
  const response = firstOf(record, responseNames);
  if (query && response) return { texts: [...historyOf(memberOf(record, 'history')), asString(query), asString(response)] };
  const instruction = memberOf(record, columns?.prompt ?? 'instruction');
  const output = memberOf(record, columns?.response ?? 'output');
  if (instruction && output) {
    const input = asString(memberOf(record, columns?.query ?? 'input'));
    const history = memberOf(record, columns?.history ?? 'history');
    return { texts: [...historyOf(history), input && input.value !== '' ? undefined : asString(instruction), asString(output)] };
  }
  const text = asString(memberOf(record, 'text'));
  return text ? { texts: [text] } : undefined;
}

function historyOf(history: JsonSpan | undefined): (StringSpan | undefined)[] {
  if (history?.kind !== 'array') return [];
  return history.items.flatMap((pair) => (pair.kind === 'array' ? [asString(pair.items[0]), asString(pair.items[1])] : []));
}

/** The text of one element of a list of turns; of content blocks the only one with text. */
function textOf(item: JsonSpan, spec: ViewSpec): StringSpan | undefined {
  if (item.kind === 'string') return item;
  const content = textMember(item, spec);
  if (content?.kind !== 'array') return asString(content);
  const texts = content.items.flatMap((block) => {
    if (block.kind === 'string') return [block];
    const type = asString(memberOf(block, 'type'))?.value ?? '';
    if (/^(?:image|video|audio|input_audio)/.test(type)) return [];
    return [asString(memberOf(block, 'text') ?? memberOf(block, 'value') ?? memberOf(block, 'content'))];
  });
  return texts.length === 1 ? texts[0] : undefined;
}

function textMember(item: JsonSpan, { tags }: ViewSpec): JsonSpan | undefined {
  const own = tags ? memberOf(item, tags.content_tag ?? 'value') : undefined;
  return own ?? memberOf(item, 'value') ?? memberOf(item, 'content') ?? memberOf(item, 'text');
}

function firstOf(record: JsonSpan, names: readonly string[]): JsonSpan | undefined {
  for (const name of names) {
    const value = memberOf(record, name);
    if (value && !(value.kind === 'other' && value.text === 'null')) return value;
  }
  return undefined;
}

function asString(span: JsonSpan | undefined): StringSpan | undefined {
  return span?.kind === 'string' ? span : undefined;
}
