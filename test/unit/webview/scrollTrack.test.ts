import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentAt, revealOffset, rowsInView, ScrollPosition, scrollAt, trackOf } from '../../../webview-ui/shared/scrollTrack.ts';

const rowHeight = 72;
const viewport = fc.integer({ min: 40, max: 2000 });
const rows = fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 60_000, max: 10_000_000 }));
const track = fc.tuple(rows, viewport).map(([count, height]) => trackOf(count, rowHeight, height));
const mostOf = ({ content, length, viewport: height }: ReturnType<typeof trackOf>): { content: number; scroll: number } => ({
  content: Math.max(0, content - height),
  scroll: Math.max(0, length - height),
});

describe('track', () => {
  it('is never longer than browsers lay out, and as long as its rows when it can be', () => {
    expect(trackOf(10_000_000, rowHeight, 800).length).toBeLessThanOrEqual(17_000_000 / 3);
    expect(trackOf(1000, rowHeight, 800).length).toBe(72_000);
  });

  it('maps both ends to both ends, in order, and back', () => {
    fc.assert(
      fc.property(track, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (each, a, b) => {
        const most = mostOf(each);
        expect(contentAt(each, 0)).toBe(0);
        expect(contentAt(each, most.scroll)).toBeCloseTo(most.content, 5);
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(contentAt(each, low * most.scroll)).toBeLessThanOrEqual(contentAt(each, high * most.scroll) + 1e-6);
        const content = a * most.content;
        expect(contentAt(each, scrollAt(each, content))).toBeCloseTo(content, 3);
      }),
    );
  });

  it('scrolls short lists pixel by pixel', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), viewport, fc.nat(5_000_000), (count, height, scroll) => {
        const each = trackOf(count, rowHeight, height);
        expect(contentAt(each, scroll)).toBe(Math.min(scroll, mostOf(each).content));
      }),
    );
  });
});

describe('ScrollPosition', () => {
  it('moves the content by the pixels of a small step, wherever it stands', () => {
    fc.assert(
      fc.property(track, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: -300, max: 300 }), (each, share, step) => {
        const position = new ScrollPosition(each);
        const most = mostOf(each);
        const scroll = position.leap(Math.round(share * most.content));
        const before = position.content;
        const target = Math.min(Math.max(scroll + step, 0), most.scroll);
        const corrected = position.scrolled(target);
        const wanted = Math.min(Math.max(before + (target - scroll), 0), most.content);
        expect(position.content).toBeCloseTo(wanted, 5);
        // What is drawn does not jump when the bar is put elsewhere.
        if (corrected !== undefined) expect(position.content + position.anchor).toBeCloseTo(corrected, 5);
      }),
      // A viewport of less than 150 pixels makes such a step a leap.
      { examples: [] },
    );
  });

  it('reaches the last row and the first one by small steps alone, without leaving any out', () => {
    const position = new ScrollPosition(trackOf(300_000, rowHeight, 700));
    const most = 300_000 * rowHeight - 700;
    let scroll = position.leap(most / 2);
    let steps = 0;
    for (let last = position.content; position.content < most; last = position.content) {
      scroll = position.scrolled(Math.min(scroll + 1300, 5_000_000 - 700)) ?? position.content + position.anchor;
      expect(position.content - last).toBeLessThanOrEqual(1301);
      expect(position.content).toBeGreaterThan(last);
      if (++steps > 10_000) break;
    }
    expect(position.content).toBe(most);
    for (steps = 0; position.content > 0 && steps < 20_000; steps++)
      scroll = position.scrolled(Math.max(scroll - 1300, 0)) ?? position.content + position.anchor;
    expect(position.content).toBe(0);
  });

  it('goes to the proportional place when the thumb is dragged', () => {
    const each = trackOf(10_000_000, rowHeight, 700);
    const position = new ScrollPosition(each);
    position.scrolled(2_499_650);
    expect(position.isLeaping).toBe(true);
    expect(position.content / mostOf(each).content).toBeCloseTo(0.5, 3);
    position.settle();
    expect(position.isLeaping).toBe(false);
    position.scrolled(mostOf(each).scroll);
    expect(position.content).toBe(mostOf(each).content);
  });

  it('puts the bar right when nothing moves, without moving the content', () => {
    fc.assert(
      fc.property(track, fc.array(fc.integer({ min: -80, max: 80 }), { maxLength: 50 }), (each, steps) => {
        const position = new ScrollPosition(each);
        let scroll = position.leap(mostOf(each).content / 3);
        for (const step of steps) {
          scroll = Math.min(Math.max(scroll + step, 0), mostOf(each).scroll);
          scroll = position.scrolled(scroll) ?? scroll;
        }
        const before = position.content;
        const corrected = position.settle();
        expect(position.content).toBe(before);
        if (corrected !== undefined) expect(Math.abs(corrected - scrollAt(each, before))).toBeLessThanOrEqual(0.5);
        expect(position.settle()).toBeUndefined();
      }),
    );
  });

  it('keeps its place when rows or the viewport change, as far as that exists', () => {
    const position = new ScrollPosition(trackOf(1000, rowHeight, 700));
    position.leap(5000);
    position.resize(trackOf(1000, rowHeight, 300));
    expect(position.content).toBe(5000);
    position.resize(trackOf(20, rowHeight, 300));
    expect(position.content).toBe(20 * rowHeight - 300);
  });
});

describe('rows in view', () => {
  it('are exactly those that a reader sees, and some around them', () => {
    fc.assert(
      fc.property(track, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(10), (each, share, overscan) => {
        const count = each.content / rowHeight;
        const content = share * mostOf(each).content;
        const { first, end } = rowsInView(content, each, rowHeight, count, overscan);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(count);
        for (const row of [0, first - 1, first, end - 1, end, count - 1]) {
          if (row < 0 || row >= count) continue;
          const isVisible = (row + 1) * rowHeight > content && row * rowHeight < content + each.viewport;
          if (isVisible) expect(row >= first && row < end).toBe(true);
          if (overscan === 0 && row >= first && row < end) expect((row + 1) * rowHeight >= content).toBe(true);
        }
        expect(end - first).toBeLessThanOrEqual(Math.ceil(each.viewport / rowHeight) + 1 + 2 * overscan);
      }),
    );
  });

  it('hold a row after it was revealed; a row that is in view stays where it is', () => {
    fc.assert(
      fc.property(
        track,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (each, share, which) => {
          const count = each.content / rowHeight;
          fc.pre(count > 0 && each.viewport >= rowHeight);
          const row = Math.floor(which * count);
          const content = Math.round(share * mostOf(each).content);
          const offset = revealOffset(content, each, rowHeight, row) ?? content;
          const shown = Math.min(offset, mostOf(each).content);
          expect(row * rowHeight).toBeGreaterThanOrEqual(shown);
          expect((row + 1) * rowHeight).toBeLessThanOrEqual(shown + each.viewport);
        },
      ),
    );
  });
});
