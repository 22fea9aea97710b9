import { gateNames, type SynthesizeReport } from '../../protocol/synthesis.ts';
import type { OutcomeView } from '../../protocol/synthesisPage.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { plainText } from '../plainText.ts';
import { durationText } from './collectPlan.ts';
import { gateLabel } from './methodWords.ts';

/** Reasons of failures that are listed; the count says how many there are. */
const listedReasons = 3;

/** How a call ended, and what to do about it. */
export function collectOutcome(report: SynthesizeReport, t: Localize, locale: string): OutcomeView {
  const n = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const { made, staged, gated, failed, stopped, usage, plan } = report;
  return {
    kind: stopped === null ? 'done' : 'stopped',
    sentence:
      made === 0 && failed === 0 && stopped === null
        ? t('Nothing was left to make. Of {0} staged instances {1} are through all gates.', n.format(staged), n.format(gated))
        : t(
            'Made {0} instances in {1}. Of {2} staged ones {3} are through all gates.',
            n.format(made),
            durationText(report.seconds, t, locale),
            n.format(staged),
            n.format(gated),
          ),
    lines: [
      ...stoppedLines(stopped, t),
      ...failureLines(report, n, t),
      ...gateLines(report, n, t),
      ...(usage.requests > 0
        ? [
            t(
              'Asked {0} times: {1} tokens in, {2} tokens out, {3} pictures.',
              n.format(usage.requests),
              n.format(usage.inputTokens),
              n.format(usage.outputTokens),
              n.format(usage.images),
            ),
          ]
        : []),
      ...(plan.planned > staged && failed === 0 && stopped === null ? [t('Make goes on where this ended; nothing is made twice.')] : []),
    ],
  };
}

/** A cancelled call loses nothing. */
export function cancelledOutcome(t: Localize): OutcomeView {
  return { kind: 'cancelled', sentence: t('Cancelled. What was made is kept; Make goes on from there.'), lines: [] };
}

function stoppedLines(stopped: SynthesizeReport['stopped'], t: Localize): readonly string[] {
  if (stopped === null) return [];
  return [
    stopped === 'requests'
      ? t('Stopped at the limit of requests. Raise it and choose Make to go on; nothing is made twice.')
      : t('Stopped at the limit of cost. Raise it and choose Make to go on; nothing is made twice.'),
  ];
}

/** Reasons are grouped: a model that is down says the same a hundred times. */
function failureLines({ failed, failures }: SynthesizeReport, n: Intl.NumberFormat, t: Localize): readonly string[] {
  if (failed === 0) return [];
  const byReason = new Map<string, number[]>();
  for (const { ordinal, message } of failures) byReason.set(message, [...(byReason.get(message) ?? []), ordinal]);
  const reasons = [...byReason].sort(([, a], [, b]) => b.length - a.length).slice(0, listedReasons);
  return [
    t('{0} failed; Make tries them again.', n.format(failed)),
    ...reasons.map(([message, ordinals]) =>
      ordinals.length === 1
        ? t('Instance {0}: {1}', n.format(ordinals[0] ?? 0), plainText(message, 300))
        : t('{0} instances: {1}', n.format(ordinals.length), plainText(message, 300)),
    ),
  ];
}

function gateLines({ stoppedBy }: SynthesizeReport, n: Intl.NumberFormat, t: Localize): readonly string[] {
  const parts = gateNames.flatMap((gate) => (stoppedBy[gate] ? [t('{0}: {1}', n.format(stoppedBy[gate]), gateLabel(gate, t))] : []));
  return parts.length === 0 ? [] : [t('Stopped by gates: {0}.', parts.join('; '))];
}
