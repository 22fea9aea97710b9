/** A record as it stands in the file. */
export interface HeadRecord {
  readonly text: string;
  /** 0-based UTF-16 unit in the head. */
  readonly start: number;
}

/**
 * The objects at the top level of a JSON array, of JSON Lines, or of objects in sequence, from the begin of a file. An object that the
 * head cuts off is left out. Finds where objects end without parsing them, so a broken one costs only itself.
 */
export function headRecords(head: string, limit: number): readonly HeadRecord[] {
  const found: HeadRecord[] = [];
  for (let at = head.indexOf('{'); at >= 0 && found.length < limit; ) {
    const end = endOfObject(head, at);
    if (end < 0) break;
    found.push({ text: head.slice(at, end), start: at });
    at = head.indexOf('{', end);
  }
  return found;
}

/** Behind the `}` that closes the object at `start`; -1 when the text ends before. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (char === '"') {
      i = endOfString(text, i);
      if (i < 0) return -1;
    } else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return i + 1;
  }
  return -1;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return -1;
}
