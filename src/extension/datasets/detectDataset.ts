/** How much of a file is read to see whether it is a dataset: enough for several records, little enough for hundreds of files. */
export const sniffBytes = 64 * 1024;

/** Keys that hold the turns of a record, in the variants that Ballast reads. */
const turnKeys = new Set(['conversations', 'messages', 'conversation']);
/** Pairs of keys that together make a record in the variants without a list of turns. */
const turnPairs = [
  ['query', 'response'],
  ['instruction', 'output'],
] as const;
/** data-juicer: text with inline image marks. */
const inlineKeys = ['text', 'images'] as const;

/**
 * Whether the first bytes of a JSON or JSONL file look like training records: an array, lines or a sequence of objects whose first
 * object holds turns. Looks at top-level keys of the first object only, so configuration files and manifests fail it. A first object
 * longer than `head` is judged by the keys seen so far.
 */
export function looksLikeJsonDataset(head: Uint8Array): boolean {
  const text = new TextDecoder('utf-8', { ignoreBOM: false }).decode(head);
  const start = /^\s*(\[\s*)?\{/.exec(text);
  if (start === null) return false;
  const keys = new Set(topLevelKeys(text, start[0].length));
  for (const key of turnKeys) if (keys.has(key)) return true;
  if (inlineKeys.every((key) => keys.has(key)) && text.includes('<__dj__image>')) return true;
  return turnPairs.some((pair) => pair.every((key) => keys.has(key)));
}

/** Keys at depth 1 of the object whose `{` ends at `offset`; stops at its `}` or where the text ends. */
function* topLevelKeys(text: string, offset: number): Generator<string> {
  let depth = 1;
  let isKey = true;
  for (let i = offset; i < text.length && depth > 0; i++) {
    const char = text[i];
    if (char === '"') {
      const end = endOfString(text, i);
      if (end < 0) return;
      if (depth === 1 && isKey) yield text.slice(i + 1, end);
      isKey = false;
      i = end;
    } else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (char === ',' && depth === 1) isKey = true;
  }
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return -1;
}

const parquetMagic = 'PAR1';
const parquetColumns = ['conversations', 'messages', 'conversation', 'query', 'instruction'];

/** Whether the last bytes of a file are a Parquet footer that names a column with turns (column names are plain text there). */
export function looksLikeParquetDataset(tail: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(tail);
  return text.endsWith(parquetMagic) && parquetColumns.some((column) => text.includes(column));
}

/** Names that are never datasets, whatever they hold: manifests and plans are Ballast's own, the others are configuration. */
export function isCandidateName(fileName: string): boolean {
  if (/\.(manifest|ballast-plan)\.json$/i.test(fileName)) return false;
  if (/^(package|package-lock|composer|manifest|tsconfig.*|jsconfig.*|.*\.config|settings|launch|tasks)\.json$/i.test(fileName))
    return false;
  return /\.(json|jsonl|parquet)$/i.test(fileName);
}
