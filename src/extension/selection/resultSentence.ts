import * as path from 'node:path';
import type { Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';
import type { ResultRecord } from './resultMemory.ts';

/** A result on the disk in a sentence or two. */
export function resultSentence({ output, control, kept, instances }: ResultRecord, t: Localize, locale: string): string {
  const { format } = new Intl.NumberFormat(locale);
  const name = (file: string): string => plainText(path.basename(file), 80);
  const [keptText, all, dropped] = [format(kept), format(instances), format(instances - kept)];
  const wrote = t('Wrote {0}: kept {1} of {2} instances, dropped {3}.', name(output), keptText, all, dropped);
  return control === undefined ? wrote : `${wrote} ${t('The random control is {0}.', name(control))}`;
}
