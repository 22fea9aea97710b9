import type { Perspective } from '../protocol/perspectives.ts';
import type { Localize } from './errors/errorCatalogue.ts';

/** Localised name of a perspective. */
export function perspectiveTitle(perspective: Perspective, t: Localize): string {
  const titles: Readonly<Record<Perspective, string>> = {
    token: t('Token'),
    object: t('Object'),
    cooccurrence: t('Cooccurrence'),
    interrogation: t('Interrogation'),
  };
  return titles[perspective];
}
