import type { ProblemCode } from '../../protocol/dataset.ts';
import { type Media, recordFlags, type Turn, type ViewSpec } from './dataset.ts';
import { countPlaceholders } from './placeholders.ts';
import type { RecordValue } from './views/recordValue.ts';
import { isKnownRole } from './views/turnList.ts';
import { familyOf } from './views/viewTable.ts';

/** What the index keeps of a usable record. */
export interface RecordSummary {
  readonly flags: number;
  readonly turns: number;
  readonly media: readonly Media[];
  readonly findings: readonly { readonly code: ProblemCode; readonly message: string }[];
}

const nothing: readonly never[] = [];

/** Flags, turns, media and what is odd about a record; nothing found here makes it unusable. */
export function summarizeRecord(record: RecordValue, spec: ViewSpec): RecordSummary {
  const turns: Turn[] = [];
  const media: Media[] = [];
  const family = familyOf(record, spec);
  family?.read(record, spec, { turns, media });
  let images = 0;
  let videos = 0;
  for (const item of media) {
    if (item.kind === 'image') images++;
    else if (item.kind === 'video') videos++;
  }
  let flags: number = recordFlags.usable;
  if (images > 0) flags |= recordFlags.image;
  if (images > 1) flags |= recordFlags.multiImage;
  if (videos > 0) flags |= recordFlags.video;
  if (images + videos === 0) flags |= recordFlags.textOnly;

  let findings: { code: ProblemCode; message: string }[] | undefined;
  const add = (code: ProblemCode, message: string): void => {
    findings ??= [];
    findings.push({ code, message });
  };
  if (turns.length === 0) {
    add('record.noTurns', family ? 'The conversation has no turn.' : 'No field holds a conversation.');
    return { flags, turns: 0, media, findings: findings ?? nothing };
  }
  let empty = -1;
  let unknown: string | undefined;
  let placeholders = 0;
  for (let i = 0; i < turns.length; i++) {
    const { role, text } = turns[i] as Turn;
    if (empty < 0 && isBlank(text)) empty = i;
    if (!isKnownRole(role) && role !== 'text') unknown ??= role;
    placeholders += countPlaceholders(text);
  }
  if (empty >= 0) add('record.emptyTurn', `Turn ${empty + 1} has no text.`);
  if (unknown !== undefined) add('record.unknownRole', `Role ${JSON.stringify(unknown.slice(0, 80))} is not one of the known ones.`);
  if (family?.placeholders) {
    const expected = images + videos;
    if (expected > 0 && placeholders === 0)
      add('record.placeholderMissing', `${expected} image${expected === 1 ? '' : 's'} or videos, but no placeholder in the text.`);
    else if (expected !== placeholders)
      add(
        'record.placeholderCount',
        `${placeholders} placeholder${placeholders === 1 ? '' : 's'} in the text for ${expected} image${expected === 1 ? '' : 's'} or videos.`,
      );
  }
  return { flags, turns: turns.length, media, findings: findings ?? nothing };
}

function isBlank(text: string): boolean {
  return text.length === 0 || (text.charCodeAt(0) <= 0x20 && text.trim() === '');
}
