import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BrowseFilter, browseSorts, mediaKinds, verdicts } from '../../../src/protocol/browse.ts';
import { problemCodes } from '../../../src/protocol/dataset.ts';
import { perspectives } from '../../../src/protocol/perspectives.ts';
import {
  type Condition,
  conditionOfFacet,
  conditionsOf,
  filterOf,
  hasCondition,
  withCondition,
  withoutCondition,
} from '../../../webview-ui/instances/filterEdit.ts';
import { freshState, openedAt, restoreState } from '../../../webview-ui/instances/pageState.ts';

const name = fc.constantFrom('a', 'b', 'constructor', '__proto__', '');
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), value: fc.constantFrom('cat', 'dog') }),
  fc.record({ kind: fc.constant('entity' as const), perspective: fc.constantFrom(...perspectives), value: name }),
  fc.record({ kind: fc.constant('verdict' as const), value: fc.constantFrom(...verdicts) }),
  fc.record({ kind: fc.constant('problem' as const), value: fc.constantFrom('any' as const, ...problemCodes) }),
  fc.record({ kind: fc.constant('media' as const), value: fc.constantFrom(...mediaKinds) }),
  fc.record({
    kind: fc.constant('cluster' as const),
    clustering: fc.constantFrom(undefined, '0123', '4567'),
    value: fc.constantFrom('0', '7', '9999'),
  }),
  fc.record({ kind: fc.constant('field' as const), field: name, value: name }),
);
const filter: fc.Arbitrary<BrowseFilter> = fc.array(condition, { maxLength: 8 }).map(filterOf);

describe('conditions of a filter', () => {
  it('make the same filter again', () => {
    fc.assert(
      fc.property(filter, (each) => {
        expect(filterOf(conditionsOf(each))).toEqual(each);
      }),
    );
  });

  it('come and go one by one', () => {
    fc.assert(
      fc.property(filter, condition, (before, each) => {
        const added = withCondition(before, each);
        expect(hasCondition(added, each)).toBe(true);
        const taken = withoutCondition(added, each);
        expect(hasCondition(taken, each)).toBe(false);
        // Clusters of another clustering take the place of those before.
        const isOther = each.kind === 'cluster' && before.clusters !== undefined && before.clusters.clustering !== each.clustering;
        const isSingle = each.kind === 'text' || each.kind === 'verdict' || isOther;
        if (!isSingle && !hasCondition(before, each))
          expect(new Set(conditionsOf(taken).map((c) => JSON.stringify(c)))).toEqual(
            new Set(conditionsOf(before).map((c) => JSON.stringify(c))),
          );
      }),
    );
  });

  it('name clusters of one clustering only, the last', () => {
    const first = withCondition({}, { kind: 'cluster', clustering: undefined, value: '3' });
    expect(first).toEqual({ clusters: { ids: [3] } });
    expect(withCondition(first, { kind: 'cluster', clustering: 'ab', value: '5' })).toEqual({ clusters: { clustering: 'ab', ids: [5] } });
    expect(withoutCondition(first, { kind: 'cluster', clustering: undefined, value: '3' })).toEqual({});
  });

  it('leave no empty list behind', () => {
    expect(withoutCondition({ media: ['video'] }, { kind: 'media', value: 'video' })).toEqual({});
    expect(withoutCondition({ fields: { source: ['x'] } }, { kind: 'field', field: 'source', value: 'x' })).toEqual({});
  });

  it('stand for a value of a facet, and for none that is unknown', () => {
    expect(conditionOfFacet('verdict', 'kept')).toEqual({ kind: 'verdict', value: 'kept' });
    expect(conditionOfFacet('problem', 'any')).toEqual({ kind: 'problem', value: 'any' });
    expect(conditionOfFacet('field:source', 'x')).toEqual({ kind: 'field', field: 'field:source', value: 'x' });
    expect(conditionOfFacet('media', 'hologram')).toBeUndefined();
  });
});

describe('kept state', () => {
  const dataset = 'file:///d.json';

  it('comes back as it went', () => {
    fc.assert(
      fc.property(
        filter,
        fc.constantFrom(...browseSorts),
        fc.boolean(),
        fc.option(fc.nat()),
        fc.subarray([...perspectives]),
        fc.constantFrom<object>({}, { manifest: null }, { manifest: '/m.json' }),
        (each, by, descending, selected, marks, run) => {
          const state = { ...freshState(dataset), filter: each, sort: { by, descending }, selected, marks, top: 7, split: 0.3, ...run };
          expect(restoreState(JSON.parse(JSON.stringify(state)), dataset)).toEqual(state);
        },
      ),
    );
  });

  it('is fresh for anything else', () => {
    fc.assert(
      fc.property(fc.anything(), (kept) => {
        const state = restoreState(kept, dataset);
        expect(state.version).toBe(1);
        expect(state.dataset).toBe(dataset);
      }),
    );
    expect(restoreState({ ...freshState('file:///other.json'), top: 5 }, dataset)).toEqual(freshState(dataset));
    expect(
      restoreState(
        { ...freshState(dataset), top: -1, selected: 1.5, split: 9, sort: { by: 'x' }, filter: { media: ['x'], entities: [{}] } },
        dataset,
      ),
    ).toEqual(freshState(dataset));
  });

  it('gives way to what a command asks for, and only in that', () => {
    const state = { ...freshState(dataset), filter: { text: 'cat' }, top: 500, selected: 9, marks: [] };
    expect(openedAt(state, {})).toEqual(state);
    expect(openedAt(state, { manifest: '/m' })).toEqual({ ...state, manifest: '/m' });
    expect(openedAt(state, { ordinal: 4 })).toEqual({ ...state, filter: {}, top: 0, selected: 4 });
    expect(openedAt(state, { filter: { verdict: 'kept' } })).toEqual({ ...state, filter: { verdict: 'kept' }, top: 0 });
  });
});
