import type { ClusterView } from '../../src/protocol/clustersPage.ts';
import { visibleLine } from '../shared/unseen.ts';
import type { ClusterModel } from './clusterModel.ts';
import type { ClustersShown } from './clustersShown.ts';
import { entitiesOf } from './describeCluster.ts';
import { noNumber, type PageContext } from './pageContext.ts';

/** One column of the clusters' table. */
export interface ClusterColumn {
  readonly title: string;
  readonly width: string;
  readonly isText?: true;
  readonly text: (position: number) => string;
  /** What the rows are sorted by: numbers descending at first, texts ascending. */
  readonly key: (position: number) => number | string;
}

const nameLimit = 60;
const narrow = 'minmax(76px, 1fr)';

/** The numbers of a chart, and what names its clusters. */
export function columnsOf(view: Exclude<ClusterView, 'lift'>, shown: ClustersShown, context: PageContext): readonly ClusterColumn[] {
  const { model, colouring } = shown;
  const { strings, n, short, percent } = context;
  const { columns } = strings;
  const number = (title: string, values: ArrayLike<number> | null, write: (value: number) => string): ClusterColumn[] =>
    values === null
      ? []
      : [
          {
            title,
            width: narrow,
            text: (position) => write(values[position] ?? Number.NaN),
            key: (position) => values[position] ?? Number.NaN,
          },
        ];
  const naming: ClusterColumn[] = [
    { title: columns.cluster, width: '76px', text: (position) => String(model.id(position)), key: (position) => model.id(position) },
    {
      title: columns.entities,
      width: 'minmax(150px, 3fr)',
      isText: true,
      text: (position) => entitiesOf(model, position, context),
      key: (position) => entitiesOf(model, position, context),
    },
    ...number(columns.size, model.size, n),
  ];
  const ofRun = [
    ...number(columns.kept, model.kept, n),
    ...number(columns.keptShare, model.keptShare, percent),
    ...number(columns.want, model.want, n),
    ...(model.want === null ? [] : number(columns.take, model.take, n)),
  ];
  const measures = [
    ...number(columns.transferability, model.transferability, short),
    ...number(columns.density, model.density, short),
    ...number(columns.score, model.score, short),
  ];
  const isThere = colouring?.name === 'kept' || (colouring?.name === 'score' && view === 'scores');
  const coloured = colouring === undefined || isThere ? [] : number(colouring.title, colouring.values, colouring.write);
  switch (view) {
    case 'treemap':
      return [...naming, ...coloured, ...ofRun.slice(0, 2)];
    case 'scores':
      return [...naming, ...measures, ...ofRun];
    case 'quota':
      return [...naming, ...ofRun];
    case 'map':
      return [...naming, ...number(columns.x, model.x, short), ...number(columns.y, model.y, short), source(model, context)];
  }
}

function source(model: ClusterModel, { strings, n, say }: PageContext): ClusterColumn {
  const { mainSource, mainSourceInstances, sources } = model.list;
  const text = (position: number): string => {
    const of = sources[mainSource[position] ?? -1];
    if (of === undefined) return noNumber;
    const name = of.kind === 'folder' ? visibleLine(of.folder, nameLimit) : strings.card.sourceKinds[of.kind];
    return say(strings.card.source, name, n(mainSourceInstances[position] ?? 0));
  };
  return { title: strings.columns.source, width: 'minmax(110px, 2fr)', isText: true, text, key: text };
}

/** Positions in the order of a column; what has no number comes last, equals in the order of the ids. */
export function sortedBy(column: ClusterColumn, count: number, isDescending: boolean, locale: string): Int32Array {
  const keys = Array.from({ length: count }, (_, position) => column.key(position));
  const compareText = new Intl.Collator(locale, { numeric: true }).compare;
  const sign = isDescending ? -1 : 1;
  return Int32Array.from(keys.keys()).sort((a, b) => {
    const [one, other] = [keys[a], keys[b]];
    if (typeof one === 'string' && typeof other === 'string') return sign * compareText(one, other) || a - b;
    const [x, y] = [one as number, other as number];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
    return sign * (x - y) || a - b;
  });
}
