import type { LengthSummary, RebalanceReport } from '../../protocol/reports.ts';
import { type BarsView, seriesRoles, type TableView } from '../../protocol/selectionPage.ts';
import type { SourceShare } from '../../protocol/whatIf.ts';
import { plainText } from '../plainText.ts';
import { type Formats, seriesLabel, shareOf } from './liveFormats.ts';

/** Sources drawn as bars, and listed in the table. */
const drawnSources = 12;
const listedSources = 500;
const longestName = 60;

/** Instances by source; null when there is nothing to compare. */
export function sourceBars(sources: readonly SourceShare[], formats: Formats): BarsView | null {
  if (sources.length === 0) return null;
  const { t, n, percent } = formats;
  const sorted = [...sources].sort((a, b) => b.before - a.before);
  const name = (source: string): string => (source === 'text-only' ? t('Text only') : plainText(source, longestName));
  const first = sorted[0] as SourceShare;
  const spoken = t(
    'Instances of {0} sources. The largest, {1}: {2} before, {3} after, {4} in the random control.',
    n(sources.length),
    name(first.source),
    n(first.before),
    n(first.after),
    n(first.control),
  );
  return {
    title: t('Sources'),
    spoken,
    axis: t('Instances'),
    bars: sorted
      .slice(0, drawnSources)
      .map(({ source, before, after, control }) => ({ label: name(source), values: [before, after, control] })),
    more: sorted.length > drawnSources ? t('{0} further sources are in the table.', n(sorted.length - drawnSources)) : null,
    table: {
      caption:
        sorted.length > listedSources
          ? t('Instances by source, the first {0} of {1}', n(listedSources), n(sorted.length))
          : t('Instances by source'),
      columns: [t('Source'), ...seriesRoles.map((role) => seriesLabel(role, t)), t('Kept'), t('Kept by chance')],
      rows: sorted
        .slice(0, listedSources)
        .map(({ source, before, after, control }) => [
          name(source),
          n(before),
          n(after),
          n(control),
          percent(shareOf(after, before)),
          percent(shareOf(control, before)),
        ]),
    },
  };
}

/** Length of instances in turns and in bytes. */
export function lengthBars(lengths: RebalanceReport['lengths'], formats: Formats): readonly BarsView[] {
  if (lengths === undefined) return [];
  const { t } = formats;
  const columns = [t('Length'), ...seriesRoles.map((role) => seriesLabel(role, t))];
  const quantity = (title: string, axis: string, mean: keyof LengthSummary, median: keyof LengthSummary): BarsView => {
    const bars = [bar(t('Mean'), mean), bar(t('Median'), median)];
    return {
      title,
      spoken: spoken(title, bars[0]?.values ?? [], formats),
      axis,
      bars,
      more: null,
      table: tableOf(title, columns, bars, formats),
    };
  };
  const bar = (label: string, key: keyof LengthSummary): BarsView['bars'][number] => ({
    label,
    values: seriesRoles.map((role) => lengths[role][key]),
  });
  return [
    quantity(t('Length in turns'), t('Turns'), 'meanTurns', 'medianTurns'),
    quantity(t('Length in bytes'), t('Bytes'), 'meanBytes', 'medianBytes'),
  ];
}

function spoken(title: string, [before = 0, after = 0, control = 0]: readonly (number | null)[], { t, n }: Formats): string {
  return t('{0}: mean {1} before, {2} after, {3} in the random control.', title, n(before ?? 0), n(after ?? 0), n(control ?? 0));
}

function tableOf(caption: string, columns: readonly string[], bars: BarsView['bars'], { n }: Formats): TableView {
  return { caption, columns, rows: bars.map(({ label, values }) => [label, ...values.map((value) => n(value ?? 0))]) };
}
