import * as v from 'valibot';
import type { LicenceView } from '../../protocol/synthesisPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';

/** What an engine with a pipeline of its own says of a local model; others say nothing. */
const planSchema = v.object({
  localModel: v.object({
    name: v.string(),
    licence: v.object({
      id: v.nullable(v.string()),
      name: v.nullable(v.string()),
      terms: v.array(v.string()),
      known: v.boolean(),
    }),
  }),
});

/** The terms of the model that a plan would use, to be read before its first use; null where the plan names none. */
export function licenceView(plan: unknown, t: Localize): LicenceView | null {
  const parsed = v.safeParse(planSchema, plan);
  if (!parsed.success) return null;
  const { name, licence } = parsed.output.localModel;
  const called = plainText(licence.name ?? licence.id ?? '', 120);
  const terms: Readonly<Record<string, string>> = {
    forbidsTraining: t('Its licence forbids training other models with what it makes.'),
    nonCommercial: t('Its licence allows non-commercial use only.'),
    useRestrictions: t('Its licence restricts what it may be used for.'),
  };
  return {
    model: plainText(name, 120),
    sentences: [
      called === '' ? t('The folder names no licence. Read the terms where the model came from.') : t('Licence: {0}', called),
      ...(called !== '' && !licence.known ? [t('Ballast does not know this licence. Read it before you use the pictures.')] : []),
      ...licence.terms.flatMap((term) => (terms[term] === undefined ? [] : [terms[term]])),
    ],
  };
}
