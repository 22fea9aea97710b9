/** What data may do to a line of text: break it, hide in it or turn its direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unseen = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/** Text of a dataset as one readable line: control and direction characters become a visible mark, long text is cut. */
export function plainText(text: string, limit = 200): string {
  const cut = text.length > limit * 2 ? text.slice(0, limit * 2) : text;
  const line = cut.replace(/[\t\r\n]+/g, ' ').replace(unseen, '\ufffd');
  if (line.length <= limit && cut.length === text.length) return line;
  const kept = line.slice(0, limit);
  // Never half of a surrogate pair.
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}

/** `plainText` for a quick pick, where `$(name)` would become an icon. */
export function plainPickText(text: string, limit?: number): string {
  return plainText(text, limit).replaceAll('$(', '\\$(');
}

/** Lines of plain text as Markdown that shows them as they are: every ASCII mark is escaped, so none of them can mean anything. */
export function escapeMarkdown(lines: readonly string[]): string {
  return lines.map((line) => plainText(line, 500).replace(/[!-/:-@[-`{-~]/g, '\\$&')).join('  \n');
}
