import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridPlaces, gridStep, tilesInView } from '../../../webview-ui/review/gridPlaces.ts';
import { cleanFilter, parseState } from '../../../webview-ui/review/keptState.ts';
import { commandOf, keyNames, reviewCommands } from '../../../webview-ui/review/keys.ts';
import { Walk } from '../../../webview-ui/review/walk.ts';
import { fitted, movedBy, zoomedBy } from '../../../webview-ui/review/zoomFrame.ts';

const id = (n: number): string => n.toString(16).padStart(16, '0');
const walkOf = (statuses: string): Walk =>
  new Walk(
    Array.from(statuses, (_, i) => id(i)),
    statuses,
  );
const key = (name: string, more: object = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, repeat: false, ...more });

describe('keys of a review', () => {
  it('mean what their names say, in either case', () => {
    for (const command of reviewCommands) {
      const pressed = command === 'zoom' ? ' ' : keyNames[command];
      expect(commandOf(key(pressed), 'other')).toBe(command);
      expect(commandOf(key(pressed.toLowerCase()), 'other')).toBe(command);
    }
    expect(commandOf(key('x'), 'other')).toBeUndefined();
    expect(new Set(Object.values(keyNames)).size).toBe(reviewCommands.length);
  });

  it('do nothing in a field, nor with a modifier, nor where a button takes the space bar', () => {
    for (const command of reviewCommands) {
      const pressed = command === 'zoom' ? ' ' : keyNames[command];
      expect(commandOf(key(pressed), 'field')).toBeUndefined();
      for (const modifier of ['ctrlKey', 'metaKey', 'altKey'])
        expect(commandOf(key(pressed, { [modifier]: true }), 'other')).toBeUndefined();
    }
    expect(commandOf(key(' '), 'button')).toBeUndefined();
    expect(commandOf(key('a'), 'button')).toBe('accept');
  });

  it('decide once however long they are held, and walk on', () => {
    const held = { repeat: true };
    expect(commandOf(key('a', held), 'other')).toBeUndefined();
    expect(commandOf(key('u', held), 'other')).toBeUndefined();
    expect(commandOf(key('j', held), 'other')).toBe('next');
  });
});

describe('a walk through candidates', () => {
  it('goes on to the next pending one, and round to the first when there is none behind', () => {
    const walk = walkOf('parpr');
    expect(walk.nextPending(id(0))).toBe(id(3));
    expect(walk.nextPending(id(3))).toBe(id(0));
    expect(walk.nextPending(null)).toBe(id(0));
    walk.set(id(0), 'accepted');
    expect(walk.nextPending(id(3))).toBeUndefined();
    expect(walk.nextPending(id(4))).toBe(id(3));
    expect(walkOf('').nextPending(null)).toBeUndefined();
  });

  it('steps to its ends and no further, and begins at the first when lost', () => {
    const walk = walkOf('ppp');
    expect(walk.step(id(1), 1)).toBe(id(2));
    expect(walk.step(id(2), 1)).toBe(id(2));
    expect(walk.step(id(0), -1)).toBe(id(0));
    expect(walk.step('gone', 1)).toBe(id(0));
    expect(walkOf('').step(null, 1)).toBeUndefined();
  });

  it('keeps what is looked at, else the first pending one, else the first', () => {
    expect(walkOf('aap').settle(id(1))).toBe(id(1));
    expect(walkOf('aap').settle('gone')).toBe(id(2));
    expect(walkOf('aar').settle(null)).toBe(id(0));
    expect(walkOf('').settle(null)).toBeUndefined();
  });

  it('decides every pending candidate exactly once by going on', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('p', 'a', 'r'), { maxLength: 60 }), fc.nat(), (letters, start) => {
        const walk = walkOf(letters.join(''));
        const seen: string[] = [];
        let at: string | undefined = letters.length === 0 ? undefined : walk.nextPending(id(start % letters.length));
        if (letters[start % Math.max(1, letters.length)] === 'p') at = id(start % letters.length);
        for (; at !== undefined; at = walk.nextPending(at)) {
          seen.push(at);
          walk.set(at, 'rejected');
        }
        expect([...seen].sort()).toEqual(letters.flatMap((letter, i) => (letter === 'p' ? [id(i)] : [])));
      }),
    );
  });
});

describe('the state that a page keeps', () => {
  const whole = {
    version: 1,
    staging: '/s',
    filter: { status: 'pending', gate: 'newText', contains: 'cat' },
    view: 'grid',
    selected: id(7),
  };

  it('is taken as it was kept', () => {
    expect(parseState(whole, '/s')).toEqual(whole);
    expect(parseState(JSON.parse(JSON.stringify(whole)), '/s')).toEqual(whole);
  });

  it('is fresh for another folder, another version, or what is none', () => {
    const fresh = { version: 1, staging: '/t', filter: {}, view: 'single', selected: null };
    for (const kept of [undefined, null, 3, 'x', [], whole, { ...whole, staging: '/t', version: 2 }])
      expect(parseState(kept, '/t')).toEqual(fresh);
  });

  it('loses only the parts that are none', () => {
    const kept = { ...whole, filter: { status: 'evil', method: 'augment', contains: 7 }, view: 'list', selected: '../x' };
    expect(parseState(kept, '/s')).toEqual({ version: 1, staging: '/s', filter: { method: 'augment' }, view: 'single', selected: null });
    expect(cleanFilter({ status: undefined, method: 'augment', gate: undefined, perspective: undefined, contains: '' })).toEqual({
      method: 'augment',
    });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.anything(), (kept) => void parseState(kept, '/s')));
  });
});

describe('places of a grid', () => {
  it('hold every tile once, in view or not', () => {
    fc.assert(
      fc.property(
        fc.nat(3000),
        fc.integer({ min: 1, max: 3000 }),
        fc.nat(900_000),
        fc.integer({ min: 1, max: 2000 }),
        (count, width, top, height) => {
          const places = gridPlaces(count, width, 190, 220);
          expect(places.columns * places.tileWidth).toBeCloseTo(width, 6);
          expect(places.rows * places.columns).toBeGreaterThanOrEqual(count);
          const { first, end } = tilesInView(places, count, top, height, 2);
          expect(first).toBeLessThanOrEqual(end);
          expect(end).toBeLessThanOrEqual(count);
          expect(end - first).toBeLessThanOrEqual(places.columns * (Math.ceil(height / 220) + 6));
          for (let i = 0; i < count; i += 37) {
            const y = Math.floor(i / places.columns) * 220;
            if (y + 220 > top && y < top + height) expect(i >= first && i < end).toBe(true);
          }
        },
      ),
    );
  });

  it('are walked by the arrow keys without leaving the grid', () => {
    expect(gridStep('ArrowDown', 1, 10, 4, 2)).toBe(5);
    expect(gridStep('ArrowDown', 8, 10, 4, 2)).toBe(8);
    expect(gridStep('ArrowUp', 2, 10, 4, 2)).toBe(2);
    expect(gridStep('PageDown', 1, 10, 4, 2)).toBe(9);
    expect(gridStep('End', 1, 10, 4, 2)).toBe(9);
    expect(gridStep('a', 1, 10, 4, 2)).toBeUndefined();
    expect(gridStep('toString', 1, 10, 4, 2)).toBeUndefined();
    expect(gridStep('Home', 0, 0, 4, 2)).toBeUndefined();
  });
});

describe('zooming', () => {
  it('keeps the point under the pointer where it is, as far as the picture reaches', () => {
    const frame = zoomedBy(fitted, 2, { x: 0.25, y: -0.1 });
    expect(frame).toEqual({ scale: 2, x: -0.25, y: 0.1 });
    expect(zoomedBy(frame, 0.5, { x: 0.4, y: 0.4 })).toEqual(fitted);
  });

  it('never leaves the view, whatever is done', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('zoom' as const),
        a: fc.double({ min: 0.1, max: 4, noNaN: true }),
        b: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
      }),
      fc.record({
        kind: fc.constant('move' as const),
        a: fc.double({ min: -3, max: 3, noNaN: true }),
        b: fc.double({ min: -3, max: 3, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let frame = fitted;
        for (const { kind, a, b } of steps) {
          frame = kind === 'zoom' ? zoomedBy(frame, a, { x: b, y: -b }) : movedBy(frame, a, b);
          expect(frame.scale).toBeGreaterThanOrEqual(1);
          expect(frame.scale).toBeLessThanOrEqual(16);
          // The picture's edges lie outside of the view, or on its border.
          expect(Math.abs(frame.x)).toBeLessThanOrEqual((frame.scale - 1) / 2 + 1e-9);
          expect(Math.abs(frame.y)).toBeLessThanOrEqual((frame.scale - 1) / 2 + 1e-9);
        }
      }),
    );
  });
});
