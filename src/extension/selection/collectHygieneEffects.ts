import type { HygieneEffect } from '../../protocol/reports.ts';
import type { HygieneEffectView } from '../../protocol/selectionPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { liveFormats } from './liveFormats.ts';

/** What each switch does, as one sentence beside it. The engine measures with one perspective enough, alpha 1 and no target. */
export function hygieneEffectViews(effects: readonly HygieneEffect[], t: Localize, locale: string): readonly HygieneEffectView[] {
  const { n } = liveFormats(t, locale);
  return effects.map((effect) => ({
    switch: effect.switch,
    sentence: effect.on
      ? t('Off, {0} entities more; {1} expected instead of {2}.', n(effect.entities), n(effect.expectedOtherwise), n(effect.expected))
      : t('On, {0} entities fewer; {1} expected instead of {2}.', n(effect.entities), n(effect.expectedOtherwise), n(effect.expected)),
  }));
}
