import { createHash } from 'node:crypto';
import type { Turn, ViewSpec } from '../../dataset/dataset.ts';
import { parseRecord } from '../../dataset/parseRecord.ts';
import { viewRecord } from '../../dataset/views/viewTable.ts';
import { exchange, type JsonSpan, jsonSpans, memberOf } from './jsonSpans.ts';
import { type TurnSpots, turnSpots } from './turnSpots.ts';

export interface RecordChange {
  /** Part of the new record's id: the candidate's id. */
  readonly candidate: string;
  /** Another picture in the place of one. */
  readonly image?: { readonly from: string; readonly to: string };
  /** All turns of the new record, in the roles of the view. */
  readonly turns?: readonly Turn[];
}

type Edit = Parameters<typeof exchange>[1][number];

/** The record's shape does not allow the change. */
export class UnwritableRecord extends Error {
  override readonly name = 'UnwritableRecord';
}

/**
 * A new record in the parent's own variant and spelling: the parent's bytes with id, image path and turns exchanged. Unknown fields, key
 * order, indent and number spelling stay as they are.
 * @throws UnwritableRecord
 */
export function syntheticRecord(parent: Buffer, spec: ViewSpec, change: RecordChange): Buffer {
  const text = parent.toString('utf8');
  const root = jsonSpans(text);
  const spots = turnSpots(root, spec);
  const edits: Edit[] = [];
  const id = memberOf(root, 'id');
  if (id) edits.push({ ...place(id), text: newId(id, change.candidate) });
  const old = viewRecord(JSON.parse(text), spec, parent).turns;
  const inText = (value: string): string =>
    change.image ? value.replaceAll(`<img>${change.image.from}</img>`, `<img>${change.image.to}</img>`) : value;
  const turns = (change.turns ?? old).map((turn) => ({ ...turn, text: inText(turn.text) }));
  if (spots) edits.push(...turnEdits(text, spots, old, turns));
  else if (change.turns) throw new UnwritableRecord('the record holds no turns');
  const pictures = change.image ? pictureSpans(root, change.image.from) : [];
  for (const span of pictures) edits.push({ ...place(span), text: JSON.stringify(change.image?.to) });
  const made = Buffer.from(exchange(text, edits), 'utf8');
  assertSays(made, spec, turns, change.image?.to);
  return made;
}

/** Whether the turns of a record can be exchanged for so many others. */
export function turnsCanBecome(parent: Buffer, spec: ViewSpec, count: number | 'same'): boolean {
  const spots = turnSpots(jsonSpans(parent.toString('utf8')), spec);
  if (!spots || spots.texts.length === 0 || spots.texts.includes(undefined)) return false;
  return count === 'same' || spots.texts.length === count || spots.list?.items.every(({ kind }) => kind === 'object') === true;
}

function turnEdits(text: string, spots: TurnSpots, old: readonly Turn[], turns: readonly Turn[]): Edit[] {
  const sameRoles = turns.length === old.length && turns.every((turn, i) => turn.role === old[i]?.role);
  if (!sameRoles) return [listEdit(text, spots, old, turns)];
  return turns.flatMap((turn, i) => {
    if (turn.text === old[i]?.text) return [];
    const span = spots.texts[i];
    if (!span) throw new UnwritableRecord(`the text of turn ${i + 1} stands in several fields`);
    return [{ ...place(span), text: JSON.stringify(turn.text) }];
  });
}

/** Another number of turns: each is an element of its role with its text exchanged, put together as the first two elements are. */
function listEdit(text: string, { list, texts }: TurnSpots, old: readonly Turn[], turns: readonly Turn[]): Edit {
  const [first, second] = list?.items ?? [];
  const last = list?.items.at(-1);
  if (!list || !first || !last) throw new UnwritableRecord('the number of turns of this variant is fixed');
  const between = second ? text.slice(first.end, second.start) : ', ';
  const elements = turns.map((turn) => {
    const model = old.findIndex(({ role }, i) => role === turn.role && texts[i] !== undefined);
    const element = list.items[model];
    const span = texts[model];
    if (!element || !span) throw new UnwritableRecord(`the record has no turn of role ${turn.role} to go by`);
    return text.slice(element.start, span.start) + JSON.stringify(turn.text) + text.slice(span.end, element.end);
  });
  return { start: first.start, end: last.end, text: elements.join(between) };
}

/** Strings that name the picture, the id aside. */
function pictureSpans(span: JsonSpan, path: string): JsonSpan[] {
  switch (span.kind) {
    case 'string':
      return span.value === path ? [span] : [];
    case 'array':
      return span.items.flatMap((item) => pictureSpans(item, path));
    case 'object':
      return span.members.flatMap(({ key, value }) => (key === 'id' && value.kind === 'string' ? [] : pictureSpans(value, path)));
    case 'other':
      return [];
  }
}

/** A text gets the candidate behind it, a number becomes another whole number below 2^53. */
function newId(id: JsonSpan, candidate: string): string {
  if (id.kind === 'string') return JSON.stringify(`${id.value}_ballast_${candidate}`);
  if (id.kind !== 'other') throw new UnwritableRecord('the id is neither text nor number');
  if (!/^-?\d/.test(id.text)) return id.text;
  const digest = createHash('sha256').update(`id\0${candidate}`).digest();
  return String(digest.readUIntBE(0, 6) + 2 ** 48);
}

function place({ start, end }: JsonSpan): { readonly start: number; readonly end: number } {
  return { start, end };
}

/** Reads the new record as any reader would: what it says must be what was meant. */
function assertSays(record: Buffer, spec: ViewSpec, turns: readonly Turn[], image: string | undefined): void {
  const parsed = parseRecord(record, 0, record.length);
  const view = parsed.ok ? viewRecord(parsed.value, spec, record) : undefined;
  const says =
    view !== undefined &&
    view.turns.length === turns.length &&
    view.turns.every((turn, i) => turn.role === turns[i]?.role && turn.text === turns[i]?.text) &&
    (image === undefined || view.media.some(({ path }) => path === image));
  if (!says) throw new UnwritableRecord('the record cannot be written in its own variant');
}
