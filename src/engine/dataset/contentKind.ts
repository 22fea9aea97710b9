import type { FileHandle } from 'node:fs/promises';
import { EngineError } from '../jobs/engineError.ts';
import { isMixtureText, isMixtureValue } from './mixtures/mixtureKinds.ts';
import { isBlank, type Member, membersOf, nonSpace } from './objectMembers.ts';
import { parseRecord } from './parseRecord.ts';
import { type Framing, RecordScanner } from './scanner.ts';
import { isRecordValue } from './views/recordValue.ts';
import { hasTurns } from './views/viewTable.ts';

/** Bytes from the beginning of a file that decide what it is. */
const headBytes = 4 * 1024 * 1024;
/** Mixture files list other files: a few thousand entries at most. */
const mixtureBytes = 16 * 1024 * 1024;
/** Lines tried when looking for JSONL. */
const linesTried = 20;

/** What a file is, told by its content and never by its name. */
export type ContentKind =
  | {
      readonly kind: 'records';
      readonly framing: Framing | 'lines';
      /** Where records begin, behind the byte order mark and the opening bracket. */
      readonly recordsFrom: number;
      /** The member of an object that holds the records, or how the object holds them; for the report. */
      readonly wrapper?: string;
      readonly head: Buffer;
    }
  | { readonly kind: 'parquet' }
  | { readonly kind: 'mixture' };

const noView = { variant: 'unknown' } as const;

/** @throws EngineError for content that no reader can read, naming what it is */
export async function readContentKind(handle: FileHandle, size: number, path: string): Promise<ContentKind> {
  if (size === 0)
    throw new EngineError('dataset.empty', `${path} is empty (0 bytes). Check the download or choose another file.`, { path });
  let head = await readHead(handle, size, headBytes);
  refuseForeign(head, path);
  if (head.toString('latin1', 0, 4) === 'PAR1') return { kind: 'parquet' };
  const bom = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const first = nonSpace(head, bom);
  if (first >= head.length) {
    if (await isBlankFile(handle, size))
      throw new EngineError('dataset.empty', `${path} holds nothing but white space. Check the download or choose another file.`, { path });
    throw new EngineError('dataset.notADataset', `${path} begins with more than ${headBytes} bytes of white space, no dataset does.`, {
      path,
    });
  }
  if (isLines(head, first, head.length === size)) {
    const alone = head.length === size ? wholeObject(head, first) : undefined;
    const special = alone && !hasTurns(alone.value, noView) ? objectKind(head, first, true) : undefined;
    return special ?? { kind: 'records', framing: 'lines', recordsFrom: bom, head };
  }
  if (head[first] === 0x5b) return { kind: 'records', framing: 'array', recordsFrom: first + 1, head };
  if (head[first] === 0x7b) {
    if (head.length < size && size <= mixtureBytes) head = await readHead(handle, size, size);
    const complete = head.length === size;
    return objectKind(head, first, complete) ?? { kind: 'records', framing: 'concatenated', recordsFrom: bom, head };
  }
  if (size <= mixtureBytes && isMixtureText(head.toString('utf8', bom))) return { kind: 'mixture' };
  throw new EngineError(
    'dataset.notADataset',
    `${path} is no dataset: ${describeStart(head, first)}. Expected a JSON array, JSON lines, Parquet or a mixture file.`,
    { path, byteStart: first },
  );
}

async function readHead(handle: FileHandle, size: number, limit: number): Promise<Buffer> {
  const head = Buffer.allocUnsafe(Math.min(size, limit));
  let done = 0;
  while (done < head.length) {
    const { bytesRead } = await handle.read(head, done, head.length - done, done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return head.subarray(0, done);
}

async function isBlankFile(handle: FileHandle, size: number): Promise<boolean> {
  const chunk = Buffer.allocUnsafe(headBytes);
  for (let position = 0; position < size; ) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    if (!isBlank(chunk.subarray(0, bytesRead), position === 0 && chunk[0] === 0xef ? 3 : 0)) return false;
    position += bytesRead;
  }
  return true;
}

/** Encodings and files that look like a dataset by their name only. */
function refuseForeign(head: Buffer, path: string): void {
  const encoding = foreignEncoding(head);
  if (encoding)
    throw new EngineError(
      'dataset.encoding',
      `${path} is encoded as ${encoding}; only UTF-8 is read. Convert it to UTF-8, for instance with: iconv -f ${encoding} -t UTF-8.`,
      { path, encoding },
    );
  const start = head.toString('latin1', 0, 64);
  if (start.startsWith('version https://git-lfs')) {
    throw new EngineError(
      'dataset.lfsPointer',
      `${path} is a Git LFS pointer, not the data itself. Run "git lfs pull" in its repository, then try again.`,
      { path },
    );
  }
  const archive = start.startsWith('\x1f\x8b')
    ? 'gzip'
    : start.startsWith('PK\x03\x04')
      ? 'ZIP'
      : start.startsWith('\x28\xb5\x2f\xfd')
        ? 'zstd'
        : start.startsWith('BZh')
          ? 'bzip2'
          : start.startsWith('\xfd7zXZ')
            ? 'xz'
            : undefined;
  if (archive)
    throw new EngineError('dataset.notADataset', `${path} is a ${archive} archive. Unpack it and choose the file inside.`, { path });
}

function foreignEncoding(head: Buffer): string | undefined {
  const [a, b, c, d] = head;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'UTF-32LE' : 'UTF-16LE';
  if (a === 0xfe && b === 0xff) return 'UTF-16BE';
  if (a === 0 && b === 0) return 'UTF-32BE';
  // Without a mark: JSON begins with ASCII, so the zero bytes tell.
  if (a === 0 && b !== undefined && b !== 0) return 'UTF-16BE';
  if (a !== undefined && a !== 0 && b === 0) return c === 0 && d === 0 ? 'UTF-32LE' : 'UTF-16LE';
  return undefined;
}

/** True when one of the first lines alone is a complete record. A comma behind it does not count. */
function isLines(head: Buffer, first: number, complete: boolean): boolean {
  let at = first;
  for (let tried = 0; tried < linesTried && at < head.length; tried++) {
    let end = head.indexOf(0x0a, at);
    if (end < 0) {
      if (!complete) return false;
      end = head.length;
    }
    const start = nonSpace(head, at);
    // An indented line of a pretty-printed file may hold a whole turn: only lines that begin at the margin tell.
    if (start < end && head[start] === 0x7b && (start === at || tried === 0)) {
      const text = head.toString('utf8', start, end).trim().replace(/,$/, '');
      try {
        // In a pretty-printed array of short records a line may hold a whole record too: the bracket before it tells.
        if (isRecordValue(JSON.parse(text)))
          return tried === 0 || (head[first] === 0x5b ? closesAsLine(head, first) : !firstSpansLines(head, first));
      } catch {
        // not this line
      }
    }
    at = end + 1;
  }
  return false;
}

/** A file that begins with `[` is JSONL only if its first line is a JSON value by itself. */
function closesAsLine(head: Buffer, first: number): boolean {
  const end = head.indexOf(0x0a, first);
  return end > 0 && parseRecord(head, first, end).ok;
}

/** The file begins with a whole object on several lines: records one after another, some of which may fill one line. */
function firstSpansLines(head: Buffer, first: number): boolean {
  if (head[first] !== 0x7b) return false;
  const end = endOfFirst(head, first);
  return end > 0 && head.subarray(first, end).includes(0x0a) && parseRecord(head, first, end).ok;
}

/** End of the object at `start`, -1 when it does not close in the head. */
function endOfFirst(head: Buffer, start: number): number {
  let end = -1;
  const scanner = new RecordScanner('concatenated', {
    element(_kind, _start, to) {
      if (end < 0) end = to;
    },
    finding: () => undefined,
  });
  for (let at = start; at < head.length && end < 0; at += 65_536) scanner.push(head, at, Math.min(head.length, at + 65_536), at);
  return end;
}

/** The value of a file that is one object, undefined when it is anything else. */
function wholeObject(head: Buffer, first: number): { readonly value: unknown } | undefined {
  const parsed = head[first] === 0x7b ? parseRecord(head, first, head.length) : undefined;
  return parsed?.ok ? { value: parsed.value } : undefined;
}

/** A file that begins with `{`: mixture, wrapper or columns; undefined for records one after another. */
function objectKind(head: Buffer, first: number, complete: boolean): ContentKind | undefined {
  const whole = complete ? wholeObject(head, first) : undefined;
  if (whole && hasTurns(whole.value, noView)) return undefined;
  if (whole && isMixtureValue(whole.value)) return { kind: 'mixture' };
  if (!whole && firstObjectEnds(head, first)) return undefined;
  const members = membersOf(head, first);
  const records = members.find((member) => holdsRecords(head, member));
  if (!records) {
    const pandas = members.length > 0 && members.every((member) => head[member.valueStart] === 0x7b && looksLikeColumn(head, member));
    if (pandas)
      throw new EngineError(
        'dataset.notADataset',
        'The file holds columns ({"id": {"0": ...}}), not records. Write it again row by row, with pandas: df.to_json(path, orient="records").',
        {},
      );
    return undefined;
  }
  if (head[records.valueStart] === 0x5b) {
    return {
      kind: 'records',
      framing: 'wrapped',
      recordsFrom: records.valueStart + 1,
      wrapper: `the records are the array under ${JSON.stringify(records.key)}`,
      head,
    };
  }
  return {
    kind: 'records',
    framing: 'keyed',
    recordsFrom: first + 1,
    wrapper: 'the records are the values of one object, as {"0": {...}}',
    head,
  };
}

/** The object that begins the file ends inside the head, and more follows: no wrapper of everything. */
function firstObjectEnds(head: Buffer, first: number): boolean {
  const end = endOfFirst(head, first);
  if (end < 0) return false;
  const next = nonSpace(head, end);
  return next < head.length && (head[next] === 0x7b || head[next] === 0x2c);
}

/** Names under which an array of objects is taken for the records even when these show no turns. */
const recordNames = new Set(['data', 'records', 'instances', 'samples', 'examples', 'rows', 'items', 'train', 'annotations']);

function holdsRecords(head: Buffer, member: Member): boolean {
  const { key, valueStart } = member;
  if (head[valueStart] === 0x5b) {
    const start = nonSpace(head, valueStart + 1);
    if (head[start] === 0x5d) return recordNames.has(key);
    return head[start] === 0x7b && (recordNames.has(key) || isInstanceAt(head, start));
  }
  return head[valueStart] === 0x7b && isInstanceAt(head, valueStart);
}

function isInstanceAt(head: Buffer, start: number): boolean {
  const end = endOfFirst(head, start);
  if (end < 0) return false;
  const parsed = parseRecord(head, start, end);
  return parsed.ok && hasTurns(parsed.value, noView);
}

/** `{"0": ..., "1": ...}`, a column as pandas writes it. */
function looksLikeColumn(head: Buffer, member: Member): boolean {
  return /^\{\s*"0"\s*:/.test(head.toString('latin1', member.valueStart, member.valueStart + 64));
}

function describeStart(head: Buffer, first: number): string {
  const start = head.toString('utf8', first, first + 60).split('\n', 1)[0] ?? '';
  if (/^<(!doctype|html|\?xml)/i.test(start)) return 'it is an HTML or XML page, perhaps the error page of a download';
  try {
    const value: unknown = JSON.parse(head.toString('utf8', first));
    return `it is a single JSON ${value === null ? 'null' : typeof value}`;
  } catch {
    return `it begins with ${JSON.stringify(start.slice(0, 40))}`;
  }
}
