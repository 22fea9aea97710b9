import type { ClusterModel } from './clusterModel.ts';
import type { ClustersShown } from './clustersShown.ts';
import type { PageContext } from './pageContext.ts';

/** "Cluster 12". */
export function nameOf(model: ClusterModel, position: number, { strings, say }: PageContext): string {
  return say(strings.charts.cluster, String(model.id(position)));
}

/** The entities of a cluster in one line; what stands there without any. */
export function entitiesOf(model: ClusterModel, position: number, { strings }: PageContext, most = 4): string {
  if (!model.hasEntities) return strings.charts.entitiesUnknown;
  const names = model.names(position, most);
  return names.length === 0 ? strings.charts.noEntities : names.join(', ');
}

/** What a tooltip says about a cluster, and a screen reader: name, entities, and the numbers that it has. */
export function describe({ model, colouring }: ClustersShown, position: number, context: PageContext): readonly string[] {
  const { strings, say, n, short, percent } = context;
  const { columns, charts } = strings;
  const lines = [nameOf(model, position, context)];
  if (model.hasEntities) lines.push(entitiesOf(model, position, context));
  const measure = (title: string, value: string): void => void lines.push(say(charts.spokenMeasure, title, value));
  measure(columns.size, n(model.size[position] ?? 0));
  measure(columns.transferability, short(model.transferability[position] ?? Number.NaN));
  if (model.density) measure(columns.density, short(model.density[position] ?? Number.NaN));
  if (model.score && colouring?.name !== 'score') measure(columns.score, short(model.score[position] ?? Number.NaN));
  if (model.kept) measure(columns.kept, n(model.kept[position] ?? 0));
  if (model.keptShare && colouring?.name !== 'kept') measure(columns.keptShare, percent(model.keptShare[position] ?? 0));
  if (model.want) measure(columns.take, n(model.take?.[position] ?? 0));
  if (colouring) measure(colouring.title, colouring.write(colouring.values[position] ?? Number.NaN));
  return lines;
}
