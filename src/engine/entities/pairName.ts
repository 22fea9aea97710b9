/**
 * Name of a cooccurrence: the two labels, joined by a comma. A label that itself holds a comma or a double quote is written as in CSV,
 * so that every name stands for one pair only (the reference's key is ambiguous there).
 */
export function pairName(first: string, second: string): string {
  return `${quoteLabel(first)},${quoteLabel(second)}`;
}

export function quoteLabel(label: string): string {
  return label.includes(',') || label.includes('"') ? `"${label.replaceAll('"', '""')}"` : label;
}

/** The two labels of a name made by `pairName`; undefined when it is none. */
export function parsePairName(name: string): readonly [string, string] | undefined {
  const match = /^("(?:[^"]|"")*"|[^",]*),("(?:[^"]|"")*"|[^",]*)$/su.exec(name);
  if (!match) return undefined;
  return [unquoteLabel(match[1] ?? ''), unquoteLabel(match[2] ?? '')];
}

function unquoteLabel(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
}
