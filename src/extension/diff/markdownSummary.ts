import type { SourceCount } from '../../protocol/diff.ts';
import { type Perspective, perspectives } from '../../protocol/perspectives.ts';
import type { DiffPerspective, DiffReport, EntityFrequency } from '../../protocol/reports.ts';
import type { Localize } from '../errors/errorCatalogue.ts';
import { perspectiveTitle } from '../perspectiveTitle.ts';
import { escapeMarkdown } from '../plainText.ts';

/** Entities named per perspective and side, and sources: a summary, not the report. */
const namedEntities = 5;
const namedSources = 10;

/** A comparison as Markdown for an issue or a message. Names come from data: whatever they hold, they mean nothing in Markdown. */
export function markdownSummary(
  report: DiffReport,
  names: { readonly a: string; readonly b: string },
  t: Localize,
  locale: string,
): string {
  const formats = formatsOf(locale);
  const { n } = formats;
  const { a, b, common, removed, added, changed } = report;
  const pairs = changed.id + changed.image;
  return [
    `## ${t('{0} compared with {1}', escaped(names.b), escaped(names.a))}`,
    table(
      ['', t('A'), t('B')],
      [
        [t('File'), escaped(names.a), escaped(names.b)],
        [t('Instances'), n(a.instances), n(b.instances)],
        [t('Bytes'), n(a.bytes), n(b.bytes)],
        ['SHA-256', `\`${a.sha256}\``, `\`${b.sha256}\``],
      ],
    ),
    [
      t('{0} instances are in both, {1} only in A (removed), {2} only in B (added).', n(common), n(removed), n(added)),
      ...(pairs > 0
        ? [
            t(
              '{0} removed and added ones are pairs of a changed instance: {1} by id, {2} by image.',
              n(pairs),
              n(changed.id),
              n(changed.image),
            ),
          ]
        : []),
    ].join(' '),
    perspectiveTable(report, formats, t),
    perspectives.flatMap((perspective) => namesOf(perspective, report.perspectives[perspective], formats, t)).join('\n'),
    lengthTable(report, formats, t),
    sourceTable(report, formats, t),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

interface Formats {
  readonly n: (value: number) => string;
  /** Four decimals. */
  readonly precise: (value: number) => string;
}

function formatsOf(locale: string): Formats {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const precise = new Intl.NumberFormat(locale, { minimumFractionDigits: 4, maximumFractionDigits: 4 });
  return { n: (value) => whole.format(value), precise: (value) => precise.format(value) };
}

function perspectiveTable(report: DiffReport, { n, precise }: Formats, t: Localize): string {
  const rows = perspectives.flatMap((perspective) => {
    const one = report.perspectives[perspective];
    if (one === undefined) return [];
    const { before, after, entitiesLost, entitiesGained } = one;
    const numbers = [before.entities, after.entities, entitiesLost, entitiesGained, before.postings, after.postings].map(n);
    return [[perspectiveTitle(perspective, t), ...numbers, precise(before.gini), precise(after.gini)]];
  });
  const columns = [
    t('Perspective'),
    t('Entities in A'),
    t('Entities in B'),
    t('Lost'),
    t('Gained'),
    t('Occurrences in A'),
    t('Occurrences in B'),
    t('Gini of A'),
    t('Gini of B'),
  ];
  return table(columns, rows);
}

/** List items: the most frequent entities of either side that the other has not. */
function namesOf(perspective: Perspective, one: DiffPerspective | undefined, { n }: Formats, t: Localize): readonly string[] {
  if (one === undefined) return [];
  const title = perspectiveTitle(perspective, t);
  const list = (entities: readonly EntityFrequency[]): string =>
    entities
      .slice(0, namedEntities)
      .map(({ entity, frequency }) => t('{0} ({1})', escaped(entity), n(frequency)))
      .join(', ');
  const lines: string[] = [];
  if (one.lost.length > 0) lines.push(t('{0}, most frequent lost: {1}', title, list(one.lost)));
  if (one.gained.length > 0) lines.push(t('{0}, most frequent gained: {1}', title, list(one.gained)));
  return lines.map((line) => `- ${line}`);
}

function lengthTable({ lengths: { a, b } }: DiffReport, { n }: Formats, t: Localize): string {
  return table(
    [t('Length of the instances'), t('A'), t('B')],
    [
      [t('Turns, mean'), n(a.meanTurns), n(b.meanTurns)],
      [t('Turns, median'), n(a.medianTurns), n(b.medianTurns)],
      [t('Bytes, mean'), n(a.meanBytes), n(b.meanBytes)],
      [t('Bytes, median'), n(a.medianBytes), n(b.medianBytes)],
    ],
  );
}

function sourceTable({ sources, moreSources }: DiffReport, { n }: Formats, t: Localize): string {
  if (sources.length === 0) return '';
  const left = moreSources + Math.max(0, sources.length - namedSources);
  const rows = sources.slice(0, namedSources).map((source) => [escaped(sourceName(source, t)), n(source.a), n(source.b)]);
  const listed = table([t('First image folder'), t('A'), t('B')], rows);
  return left > 0 ? `${listed}\n\n${t('{0} more sources are not listed.', n(left))}` : listed;
}

function sourceName({ kind, folder }: SourceCount, t: Localize): string {
  const names: Readonly<Record<SourceCount['kind'], string>> = {
    folder,
    textOnly: t('Text only'),
    noFolder: t('(no folder)'),
    other: t('(no image path)'),
  };
  return names[kind];
}

function escaped(text: string): string {
  return escapeMarkdown([text]);
}

/** Cells are Markdown; the first column is text, the others are numbers. */
function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
