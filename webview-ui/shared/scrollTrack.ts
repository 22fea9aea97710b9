/** Longest element that every browser lays out exactly, with room for a zoom factor of three (Firefox stops near 17.8 million pixels). */
const longestTrack = 5_000_000;
/** Ends of a shortened track that scroll pixel by pixel, so that the first and last rows are reached exactly. */
const longestEnd = 100_000;

/** A list of any length on a scroll bar of bounded length. All lengths in CSS pixels. */
export interface Track {
  /** Height of all rows together. */
  readonly content: number;
  /** Height of the element that is scrolled; less than `content` for long lists. */
  readonly length: number;
  readonly viewport: number;
}

export function trackOf(rows: number, rowHeight: number, viewport: number): Track {
  const content = rows * rowHeight;
  return { content, length: Math.min(content, longestTrack), viewport };
}

/** Offset of the content that a scroll position shows: exact near both ends, proportional between. Monotonic, and onto. */
export function contentAt(track: Track, scroll: number): number {
  const { scrollMost, contentMost, end } = ranges(track);
  const at = clamp(scroll, 0, scrollMost);
  if (at <= end || contentMost === scrollMost) return at;
  if (at >= scrollMost - end) return contentMost - (scrollMost - at);
  return end + ((at - end) * (contentMost - 2 * end)) / (scrollMost - 2 * end);
}

/** Inverse of `contentAt`. */
export function scrollAt(track: Track, content: number): number {
  const { scrollMost, contentMost, end } = ranges(track);
  const at = clamp(content, 0, contentMost);
  if (at <= end || contentMost === scrollMost) return at;
  if (at >= contentMost - end) return scrollMost - (contentMost - at);
  return end + ((at - end) * (scrollMost - 2 * end)) / (contentMost - 2 * end);
}

/**
 * Where a list stands. A small step of the scroll bar (wheel, touch, arrows) moves the content by as many pixels; a leap (the thumb)
 * goes to the proportional place. What small steps add up to is put right by `settle` when nothing moves.
 */
export class ScrollPosition {
  #track: Track;
  #scroll = 0;
  #content = 0;
  #isLeaping = false;

  constructor(track: Track) {
    this.#track = track;
  }

  get track(): Track {
    return this.#track;
  }

  /** Offset of the first visible pixel in the content. */
  get content(): number {
    return this.#content;
  }

  /** What must be added to a content offset to get its place on the track: constant while small steps scroll. */
  get anchor(): number {
    return this.#scroll - this.#content;
  }

  /** The last move was a leap: what lies ahead is not known. */
  get isLeaping(): boolean {
    return this.#isLeaping;
  }

  /** Another number of rows or another viewport; keeps the content offset as far as it exists. Gives the new scroll position. */
  resize(track: Track): number {
    this.#track = track;
    return this.leap(this.#content);
  }

  /** Goes to a content offset; gives the scroll position that belongs there. */
  leap(content: number): number {
    this.#content = clamp(content, 0, ranges(this.#track).contentMost);
    this.#scroll = Math.round(scrollAt(this.#track, this.#content));
    return this.#scroll;
  }

  /** The scroll bar was moved; gives the scroll position to set when the bar would run out before the content does. */
  scrolled(scroll: number): number | undefined {
    const { scrollMost, contentMost, end } = ranges(this.#track);
    const step = scroll - this.#scroll;
    this.#scroll = scroll;
    this.#isLeaping = Math.abs(step) > 2 * this.#track.viewport;
    if (contentMost === scrollMost) {
      this.#content = clamp(scroll, 0, contentMost);
      return undefined;
    }
    if (this.#isLeaping) {
      this.#content = Math.round(contentAt(this.#track, scroll));
      return undefined;
    }
    this.#content = clamp(this.#content + step, 0, contentMost);
    const atEnd = (scroll <= 0 && this.#content > 0) || (scroll >= scrollMost && this.#content < contentMost);
    return atEnd || Math.abs(scroll - scrollAt(this.#track, this.#content)) > end / 2 ? this.leap(this.#content) : undefined;
  }

  /** Nothing moves any more: the scroll position that belongs to the content, undefined when it is there. */
  settle(): number | undefined {
    this.#isLeaping = false;
    return Math.abs(this.#scroll - scrollAt(this.#track, this.#content)) < 1 ? undefined : this.leap(this.#content);
  }
}

/** Rows from `first` to before `end` that lie in the viewport, and `overscan` rows more on both sides. */
export function rowsInView(
  content: number,
  { viewport }: Track,
  rowHeight: number,
  rows: number,
  overscan: number,
): { readonly first: number; readonly end: number } {
  const first = Math.floor(content / rowHeight) - overscan;
  const end = Math.ceil((content + viewport) / rowHeight) + overscan;
  return { first: clamp(first, 0, rows), end: clamp(end, 0, rows) };
}

/** Content offset that brings a row into view: undefined when it is, the nearest edge when it is near, else the middle. */
export function revealOffset(content: number, { viewport }: Track, rowHeight: number, row: number): number | undefined {
  const top = row * rowHeight;
  const bottom = top + rowHeight;
  if (top >= content && bottom <= content + viewport) return undefined;
  if (top < content && content - top <= viewport) return top;
  if (bottom > content + viewport && bottom - content - viewport <= viewport) return bottom - viewport;
  return Math.max(0, top - Math.floor((viewport - rowHeight) / 2));
}

function ranges({ content, length, viewport }: Track): { readonly scrollMost: number; readonly contentMost: number; readonly end: number } {
  const scrollMost = Math.max(0, length - viewport);
  return { scrollMost, contentMost: Math.max(0, content - viewport), end: Math.min(longestEnd, scrollMost / 4) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
