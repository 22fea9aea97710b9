import type { Framing } from './scanner.ts';

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Rules of the bytes between records ("gaps"), so that what is left of a file is valid and a `diff` shows nothing but removed lines.
 *
 * In an array the gap *before* a record belongs to it: comma, line break and indent travel with the record that they introduce; the first
 * kept record gets the gap of the source's first. In lines and concatenated records the gap *behind* a record belongs to it, its line end
 * that is; the last kept record gets the end of the source's last. A gap with anything else in it than space and the one comma that
 * belongs there is cleaned.
 */
export interface GapRules {
  /** Bytes before the first kept record, from all bytes before the source's first element and the gap before that record. */
  opening(before: Buffer, gap: Buffer, first: number): Buffer;
  /** Bytes between two kept records; `gap` is the source's gap before the later one (arrays) or behind the earlier one (lines). */
  between(gap: Buffer, later: number): Buffer;
  /** Bytes behind the last kept record, from the bytes behind the source's last element. */
  closing(behind: Buffer): Buffer;
  /** Everything, when nothing is kept. */
  empty(before: Buffer, behind: Buffer): Buffer;
  readonly gapSide: 'before' | 'behind';
}

export interface GapStyle {
  readonly framing: Framing | 'lines';
  /** Index behind the opening bracket in the bytes before the first element. */
  readonly recordsFrom: number;
  /** Line end of the file, for places where the source has none to copy. */
  readonly lineEnd: string;
}

export function gapRules(style: GapStyle): GapRules {
  return style.framing === 'lines' || style.framing === 'concatenated' ? lineRules(style) : arrayRules(style);
}

function arrayRules({ framing, recordsFrom, lineEnd }: GapStyle): GapRules {
  const bracket = framing === 'keyed' ? '}' : ']';
  /** Space, comma, space, and the key of a keyed record; whatever else stands in the gap is left out. */
  const clean = (gap: Buffer, later: number): { before: string; after: string } => {
    const text = gap.toString('latin1');
    const found = framing === 'keyed' ? /"(?:[^"\\]|\\.)*"\s*:\s*$/s.exec(text) : null;
    const key = framing === 'keyed' ? (found?.[0] ?? `"${later}": `) : '';
    const rest = found ? text.slice(0, found.index) : text;
    const first = rest.indexOf(',');
    return { before: first < 0 ? '' : spaceAtStart(rest.slice(0, first)), after: spaceAtEnd(rest.slice(rest.lastIndexOf(',') + 1)) + key };
  };
  const closing = (behind: Buffer): string => {
    const text = behind.toString('latin1');
    // The wrapped array ends at its first bracket, a plain one at the file's last.
    const at = framing === 'wrapped' ? text.indexOf(bracket) : text.lastIndexOf(bracket);
    if (at < 0) return `${lineEnd}${bracket}${framing === 'wrapped' ? '}' : ''}${lineEnd}`;
    return `${spaceAtEnd(text.slice(0, at))}${framing === 'wrapped' ? text.slice(at) : `${bracket}${spaceAtStart(text.slice(at + 1))}`}`;
  };
  return {
    gapSide: 'before',
    opening(before, gap, first) {
      const lead = framing === 'keyed' ? clean(gap, first).after : clean(before.subarray(recordsFrom), first).after;
      return Buffer.concat([before.subarray(0, recordsFrom), Buffer.from(lead, 'latin1')]);
    },
    between(gap, later) {
      const { before, after } = clean(gap, later);
      return Buffer.from(`${before},${after}`, 'latin1');
    },
    closing: (behind) => Buffer.from(closing(behind), 'latin1'),
    empty(before, behind) {
      return Buffer.concat([before.subarray(0, recordsFrom), Buffer.from(closing(behind).trimStart(), 'latin1')]);
    },
  };
}

function lineRules({ lineEnd, framing }: GapStyle): GapRules {
  const space = (gap: Buffer): Buffer => {
    const text = gap.toString('latin1');
    const clean = /^[ \t\r\n]*$/.test(text) ? text : text.replaceAll(/[^ \t\r\n]/g, '');
    return Buffer.from(clean.includes('\n') || framing === 'concatenated' ? clean : `${clean}${lineEnd}`, 'latin1');
  };
  return {
    gapSide: 'behind',
    opening(before) {
      const bom = before.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
      return Buffer.concat([before.subarray(0, bom), Buffer.from(before.toString('latin1', bom).replaceAll(/[^ \t\r\n]/g, ''), 'latin1')]);
    },
    between: (gap) => space(gap),
    closing: (behind) => Buffer.from(behind.toString('latin1').replaceAll(/[^ \t\r\n]/g, ''), 'latin1'),
    empty: () => Buffer.alloc(0),
  };
}

function spaceAtStart(text: string): string {
  return /^[ \t\r\n]*/.exec(text)?.[0] ?? '';
}

function spaceAtEnd(text: string): string {
  let at = text.length;
  while (at > 0 && ' \t\r\n'.includes(text[at - 1] as string)) at--;
  return text.slice(at);
}
