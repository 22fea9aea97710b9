import { pairOf } from '../../protocol/entities.ts';
import type { ReceiptTable, ReceiptView } from '../../protocol/instancesPage.ts';
import { type Perspective, perspectives } from '../../protocol/perspectives.ts';
import type { Flip, Receipt, ReceiptPerspective } from '../../protocol/reports.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';
import { plainText } from '../plainText.ts';
import { collectStrategyReceipt } from './collectStrategyReceipt.ts';

interface Formats {
  readonly t: Localize;
  readonly n: (value: number) => string;
  /** Four significant digits: probabilities and draws. */
  readonly p: (value: number) => string;
}

/** Digits of a threshold that would turn a verdict. */
const flipDigits = 6;
/** Longest name of an entity in a sentence, in UTF-16 units. */
const entityUnits = 120;

/** A receipt in words: the verdict and why, what decided it, and the smallest change that would turn it. */
export function collectReceipt(receipt: Receipt, t: Localize, locale: string): ReceiptView {
  if (receipt.scores !== undefined) return collectStrategyReceipt(receipt, receipt.scores, t, locale);
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const digits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
  const formats: Formats = { t, n: (value) => whole.format(value), p: (value) => digits.format(value) };
  const tables = perspectives.flatMap((perspective) => {
    const part = receipt.perspectives[perspective];
    return part === undefined ? [] : [receiptTable(perspective, part, formats)];
  });
  return {
    verdict: receipt.verdict,
    forced: receipt.override !== undefined,
    sentence: reasonSentence(receipt, tables.length, formats),
    facts: factsOf(receipt, tables.length, formats),
    perspectives: tables,
    flip: receipt.flip === undefined ? noFlipSentence(receipt, t) : flipSentence(receipt.verdict, receipt.flip, locale, t),
  };
}

function reasonSentence(receipt: Receipt, all: number, { t, n, p }: Formats): string {
  const { override, verdict, passes, minPerspectives, alpha, alphaDraw } = receipt;
  if (override !== undefined)
    return override.verdict === 'keep'
      ? t('The plan of the run forces it to be kept: {0}', override.reason)
      : t('The plan of the run forces it to be dropped: {0}', override.reason);
  if (receipt.protected) return t('It is protected, and protected instances are always kept.');
  if (passes < minPerspectives) return t('{0} of {1} perspectives passed; {2} were needed.', n(passes), n(all), n(minPerspectives));
  if (alphaDraw === undefined) return t('{0} of {1} perspectives passed; {2} were needed.', n(passes), n(all), n(minPerspectives));
  return verdict === 'kept'
    ? t(
        '{0} of {1} perspectives passed, {2} were needed, and the draw {3} is below α = {4}.',
        n(passes),
        n(all),
        n(minPerspectives),
        p(alphaDraw),
        p(alpha),
      )
    : t(
        '{0} of {1} perspectives passed, {2} were needed, but the draw {3} is not below α = {4}.',
        n(passes),
        n(all),
        n(minPerspectives),
        p(alphaDraw),
        p(alpha),
      );
}

function factsOf(receipt: Receipt, all: number, { t, n, p }: Formats): ReceiptView['facts'] {
  const { keepProbability, passes, minPerspectives, alpha, alphaDraw, seed, sampler } = receipt;
  return [
    [t('Keep probability'), p(keepProbability)],
    [t('Perspectives passed'), t('{0} of {1}, {2} needed', n(passes), n(all), n(minPerspectives))],
    ...(alphaDraw === undefined ? [] : [[t('Thinning draw'), t('{0}, α = {1}', p(alphaDraw), p(alpha))] as const]),
    [t('Seed'), String(seed)],
    [t('Sampler'), sampler],
  ];
}

function receiptTable(perspective: Perspective, { tau, q, passed, entities }: ReceiptPerspective, { t, n, p }: Formats): ReceiptTable {
  const rows = [...entities].sort((a, b) => Number(b.won) - Number(a.won) || b.probability - a.probability);
  const summary =
    tau === null || rows.length === 0
      ? t('No entity, so it cannot pass')
      : passed
        ? t('passed; τ = {0}, q = {1}', p(tau), p(q))
        : t('not passed; τ = {0}, q = {1}', p(tau), p(q));
  return {
    perspective,
    title: perspectiveTitle(perspective, t),
    passed,
    summary,
    columns: [t('Entity'), t('Frequency'), t('Probability p'), t('Draw')],
    rows: rows.map(({ entity, frequency, probability, draw, won }) => ({
      entity,
      tail: tau !== null && frequency <= tau,
      won,
      cells: [n(frequency), p(probability), draw === undefined ? t('not drawn') : p(draw)],
    })),
  };
}

function noFlipSentence(receipt: Receipt, t: Localize): string {
  if (receipt.override !== undefined) return t('No parameter turns a forced verdict.');
  if (receipt.protected) return t('No parameter turns the verdict of a protected instance.');
  if (receipt.sampler === 'python') return t('With the python sampler every change moves later draws, so no smallest change can be named.');
  return t('No change of a single parameter turns the verdict.');
}

function flipSentence(verdict: Receipt['verdict'], flip: Flip, locale: string, t: Localize): string {
  const to = roundedAway(flip.from, flip.to, locale);
  const from = flip.from === null ? '–' : new Intl.NumberFormat(locale, { maximumSignificantDigits: flipDigits }).format(flip.from);
  const isKept = verdict === 'kept';
  switch (flip.parameter) {
    case 'tau': {
      const perspective = flip.perspective === undefined ? '' : perspectiveTitle(flip.perspective, t);
      const entity = entityText(flip);
      return isKept
        ? t('Smallest change that drops it: τ of {0} from {1} down to {2}; "{3}" then loses its draw.', perspective, from, to, entity)
        : t('Smallest change that keeps it: τ of {0} from {1} up to {2}; "{3}" then wins its draw.', perspective, from, to, entity);
    }
    case 'alpha':
      return isKept
        ? t('Smallest change that drops it: α from {0} down to {1}.', from, to)
        : t('Smallest change that keeps it: α from {0} up to {1}.', from, to);
    case 'minPerspectives':
      return isKept
        ? t('Smallest change that drops it: {0} perspectives needed instead of {1}.', to, from)
        : t('Smallest change that keeps it: {0} perspectives needed instead of {1}.', to, from);
    case 'protect':
      return t('Smallest change that keeps it: protecting it.');
  }
}

/** The entity that decides, as people read it. */
function entityText({ perspective, entity = '' }: Flip): string {
  const pair = perspective === 'cooccurrence' ? pairOf(entity) : undefined;
  return plainText(pair === undefined ? entity : pair.join(' + '), entityUnits);
}

/** A few digits of `to`, rounded away from `from`, so that the number shown does turn the verdict. */
function roundedAway(from: number | null, to: number, locale: string): string {
  const roundingMode = to < (from ?? 0) ? 'floor' : 'ceil';
  // The rounding mode is newer than the library's types.
  const options: Intl.NumberFormatOptions & { readonly roundingMode: string } = { maximumSignificantDigits: flipDigits, roundingMode };
  return new Intl.NumberFormat(locale, options as Intl.NumberFormatOptions).format(to);
}
