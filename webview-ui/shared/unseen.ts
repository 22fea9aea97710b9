/**
 * Characters that cannot be seen, or that turn the direction of what follows: C0 and C1 controls but tab and line ends, direction
 * marks and overrides, invisible spaces, separators, tags, and halves of surrogate pairs. Joiners stay: scripts and emoji need them.
 */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e0fff}]|\r(?!\n)/gu;

/** A piece of text as it is, or one character that cannot be seen with its code point. */
export type TextPart = { readonly text: string } | { readonly code: number };

/** Parts of a text, in order. */
export function textParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(unseen)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ code: match[0].codePointAt(0) ?? 0 });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** How an unseen character is written: by its number, since few fonts have pictures of them. */
export function nameOfUnseen(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** One line of readable text: white space becomes one blank, unseen characters their numbers, what is too long ends with an ellipsis. */
export function visibleLine(text: string, limit: number): string {
  const cut = cutText(text, limit * 2);
  const line = textParts(cut.replace(/[\t\r\n]+/g, ' '))
    .map((part) => ('text' in part ? part.text : `‹${nameOfUnseen(part.code)}›`))
    .join('');
  const short = cutText(line, limit);
  return short.length < line.length || cut.length < text.length ? `${short}…` : line;
}

/** At most `limit` UTF-16 units, never half of a pair. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit);
  return /[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept;
}
