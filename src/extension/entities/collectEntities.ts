import type { EntityPage, RankedEntity } from '../../protocol/entities.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';

/** `tail`: frequency at most tau; `scarce`: below it. Said in words and by the icon, never by colour. */
export type EntityMark = 'head' | 'tail' | 'scarce';

export interface EntityRow {
  /** As the engine spells it. */
  readonly entity: string;
  readonly mark: EntityMark;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly spoken: string;
  readonly icon: string;
}

const icons: Readonly<Record<EntityMark, string>> = { head: 'circle-filled', tail: 'circle-outline', scarce: 'sparkle' };

export function markOf(frequency: number, tau: number | null): EntityMark {
  if (tau === null || frequency > tau) return 'head';
  return frequency < tau ? 'scarce' : 'tail';
}

/** The rows of a page: count, share of the instances, and where the entity stands in the long tail. */
export function collectEntities(page: EntityPage, t: Localize, locale: string): readonly EntityRow[] {
  return page.rows.map((row) => entityRow(row, page, t, locale));
}

function entityRow(ranked: RankedEntity, page: EntityPage, t: Localize, locale: string): EntityRow {
  const n = (value: number): string => new Intl.NumberFormat(locale).format(value);
  const mark = markOf(ranked.frequency, page.tau);
  const label = plainText(ranked.pair === undefined ? ranked.entity : ranked.pair.join(' + '));
  const count = n(ranked.frequency);
  const share = shareText(ranked.frequency, page.instances, locale);
  const numbers = t('{0} · {1}', count, share);
  const held = t('In {0} of {1} instances ({2}), rank {3} of {4}', count, n(page.instances), share, n(ranked.rank + 1), n(page.entities));
  const place = placeText(mark, page.tau, t, n);
  return {
    entity: ranked.entity,
    mark,
    label,
    description: mark === 'head' ? numbers : t('{0} · {1}', numbers, mark === 'scarce' ? t('scarce') : t('tail')),
    tooltip: [label, held, place].join('\n'),
    spoken: t('{0}. {1}. {2}', label, held, place),
    icon: icons[mark],
  };
}

function placeText(mark: EntityMark, tau: number | null, t: Localize, n: (value: number) => string): string {
  const threshold = n(tau ?? 0);
  if (mark === 'scarce') return t('Scarce: below the threshold τ = {0}', threshold);
  return mark === 'tail' ? t('Tail: at the threshold τ = {0}', threshold) : t('Head: above the threshold τ = {0}', threshold);
}

/** Two significant digits for small shares: the tail lives below one percent. */
function shareText(frequency: number, instances: number, locale: string): string {
  const share = instances === 0 ? 0 : frequency / instances;
  return new Intl.NumberFormat(locale, { style: 'percent', maximumSignificantDigits: share < 0.1 ? 2 : 3 }).format(share);
}

/** Beside a perspective's name: its size and threshold, or how many match the search. */
export function perspectiveText(page: EntityPage, isFiltered: boolean, t: Localize, locale: string): string {
  const n = (value: number): string => new Intl.NumberFormat(locale).format(value);
  if (isFiltered) return t('{0} of {1} entities match', n(page.matches), n(page.entities));
  return page.tau === null ? t('no entity') : t('{0} entities, τ = {1}', n(page.entities), n(page.tau));
}
