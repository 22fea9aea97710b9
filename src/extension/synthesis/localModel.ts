import type { LicenceTerm, LocalModel } from '../../protocol/synthesis.ts';
import type { LicenceView } from '../../protocol/synthesisPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';

/** The terms of a local model, to be read before its first use; null where no local model is used. */
export function licenceView(model: Pick<LocalModel, 'name' | 'licence'> | null, t: Localize): LicenceView | null {
  if (model === null) return null;
  const { name, licence } = model;
  const called = plainText(licence.name ?? licence.id ?? '', 120);
  const terms: Readonly<Record<LicenceTerm, string>> = {
    forbidsTraining: t('Its licence forbids training other models with what it makes.'),
    nonCommercial: t('Its licence allows non-commercial use only.'),
    useRestrictions: t('Its licence restricts what it may be used for.'),
  };
  return {
    model: plainText(name, 120),
    sentences: [
      called === '' ? t('The folder names no licence. Read the terms where the model came from.') : t('Licence: {0}', called),
      ...(called !== '' && !licence.known ? [t('Ballast does not know this licence. Read it before you use the pictures.')] : []),
      ...licence.terms.map((term) => terms[term]),
    ],
  };
}
