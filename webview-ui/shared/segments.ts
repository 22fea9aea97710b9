import type { EntitySpan } from '../../src/protocol/browse.ts';

/** A piece of text that the same spans cover. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly spans: readonly EntitySpan[];
}

/**
 * Cuts a text of `length` UTF-16 units where spans begin and end: the segments follow one another, fill the text, and each knows all
 * spans that cover it, the longest first. Spans may overlap; what lies outside the text is cut off.
 */
export function segmentsOf(length: number, spans: readonly EntitySpan[]): readonly Segment[] {
  const inside = spans
    .map((span) => ({ ...span, start: Math.max(0, span.start), end: Math.min(length, span.end) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const cuts = [...new Set([0, length, ...inside.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  const segments: Segment[] = [];
  let open: (typeof inside)[number][] = [];
  let next = 0;
  for (let i = 0; i + 1 < cuts.length; i++) {
    const start = cuts[i] ?? 0;
    const end = cuts[i + 1] ?? length;
    open = open.filter((span) => span.end > start);
    for (; next < inside.length && (inside[next]?.start ?? length) <= start; next++) {
      const span = inside[next];
      if (span) open.push(span);
    }
    segments.push({ start, end, spans: [...open].sort((a, b) => b.end - b.start - (a.end - a.start)) });
  }
  return segments;
}
