import type { ClusterPoints } from '../../src/protocol/clusters.ts';
import type { ClusterView } from '../../src/protocol/clustersPage.ts';
import { iconButton, textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { ChartCanvas, type ChartScene } from './chartCanvas.ts';
import type { ClustersShown } from './clustersShown.ts';
import { ClusterTable } from './clusterTable.ts';
import { classLegend, instanceLegend, lineLegend, outcomeLegend } from './legend.ts';
import { LiftSection } from './liftSection.ts';
import { MapChart } from './mapChart.ts';
import type { PageContext } from './pageContext.ts';
import { quotaPlot, scoresPlot } from './plots.ts';
import { ScatterScene } from './scatterScene.ts';
import { TreemapScene } from './treemapScene.ts';

export interface StageActions {
  readonly onOpenCluster: (position: number) => void;
  readonly onOpenInstance: (ordinal: number) => void;
  readonly onExtract: () => void;
  /** Something was drawn. */
  readonly onDrawn: () => void;
  /** The map shows all clusters again. */
  readonly onLeaveCluster: () => void;
  readonly onMap: (position: number) => void;
}

/** The place of the charts: one of them, or its table. */
export class Stage {
  readonly root = element('div', { class: 'stage', role: 'tabpanel', id: 'stage' });
  readonly #context: PageContext;
  readonly #actions: StageActions;
  readonly #table: ClusterTable;
  readonly #lift: LiftSection;
  readonly #charts = new Map<ClusterView, ChartCanvas>();
  readonly #hint = element('p', { class: 'hint', id: 'chart-hint' });
  #map: MapChart | undefined;
  #shown: ClustersShown | undefined;
  #view: ClusterView = 'treemap';
  #tables = false;
  #selected = -1;
  /** List that the lift table was asked for. */
  #liftOf: ClustersShown['model'] | undefined;

  constructor(context: PageContext, actions: StageActions) {
    this.#context = context;
    this.#actions = actions;
    this.#table = new ClusterTable(context, actions.onOpenCluster);
    this.#lift = new LiftSection(context, {
      onChoose: (cluster) => actions.onOpenCluster(this.#shown?.model.position(cluster) ?? -1),
      onExtract: actions.onExtract,
      onDrawn: actions.onDrawn,
    });
  }

  get points(): ClusterPoints | undefined {
    return this.#map?.points;
  }

  /** Pixels of the chart in view that are not transparent; 0 for a table. */
  painted(): number {
    return this.#chart()?.painted() ?? 0;
  }

  /** Other clusters, or another meaning of the colour. */
  show(shown: ClustersShown): void {
    if (this.#shown?.model !== shown.model) {
      for (const chart of this.#charts.values()) chart.forget();
      this.#map?.show(undefined);
      this.#selected = -1;
    }
    this.#shown = shown;
    this.#build();
  }

  turnTo(view: ClusterView, tables: boolean): void {
    this.#view = view;
    this.#tables = tables;
    this.#build();
  }

  /** Marks the cluster of the card; -1 for none. */
  select(position: number): void {
    this.#selected = position;
    this.#chart()?.select(position);
    if (this.#tables) this.#table.select(position);
    this.#lift.around(position);
  }

  /** Shows the instances of a cluster on the map; undefined shows all clusters. */
  showPoints(points: ClusterPoints | undefined): void {
    this.#map?.show(points);
    this.#fillHint();
  }

  /** Says that instances are on their way to the map, or why they are not. */
  sayOnMap(sentence: string): void {
    if (this.#view === 'map' && !this.#tables) this.#hint.textContent = sentence;
  }

  /** Draws the chart in the colours of the theme. */
  draw(): void {
    if (this.#shown !== undefined) this.#build();
  }

  focus(): void {
    this.#chart()?.root.focus();
  }

  dispose(): void {
    for (const chart of this.#charts.values()) chart.dispose();
    this.#table.dispose();
    this.#lift.dispose();
  }

  #chart(): ChartCanvas | undefined {
    return this.#tables ? undefined : this.#charts.get(this.#view);
  }

  #build(): void {
    const shown = this.#shown;
    if (shown === undefined) return;
    const view = this.#view;
    this.root.setAttribute('aria-labelledby', `tab-${view}`);
    if (view === 'lift') {
      this.root.replaceChildren(this.#lift.root);
      if (this.#liftOf !== shown.model) this.#lift.show(shown.model);
      this.#liftOf = shown.model;
      this.#lift.around(this.#selected);
      return;
    }
    const why = this.#missing(view, shown);
    if (why !== undefined) {
      this.root.replaceChildren(element('p', { class: 'missing' }, why));
      this.#actions.onDrawn();
      return;
    }
    if (this.#tables) {
      this.root.replaceChildren(this.#table.root);
      this.#table.show(view, shown);
      this.#table.select(this.#selected);
      this.#actions.onDrawn();
      return;
    }
    const chart = this.#charts.get(view) ?? this.#make(view);
    const parts: Node[] = [this.#legends(view, shown), chart.root];
    if (view === 'map') parts.push(this.#zoomButtons());
    parts.push(this.#hint);
    // Taking the chart out of the document and back would lose the focus.
    if (chart.root.parentElement !== this.root) this.root.replaceChildren(...parts);
    else {
      this.root.querySelector('.legends')?.replaceWith(parts[0] as Node);
    }
    this.#fillHint();
    chart.draw();
    chart.select(this.#selected);
  }

  /** Why there is nothing to draw; undefined when there is. */
  #missing(view: ClusterView, { model }: ClustersShown): string | undefined {
    const { charts } = this.#context.strings;
    if (view === 'scores' && model.density === null) return charts.needsDensity;
    return view === 'quota' && model.kept === null ? charts.needsRun : undefined;
  }

  #make(view: Exclude<ClusterView, 'lift'>): ChartCanvas {
    const shown = (): ClustersShown => this.#shown as ClustersShown;
    const open = this.#actions.onOpenCluster;
    const chart =
      view === 'map'
        ? this.#makeMap(shown)
        : new ChartCanvas(this.#scene(view, shown, open), this.#context.announce, this.#actions.onDrawn);
    chart.root.setAttribute('aria-describedby', 'chart-hint');
    this.#charts.set(view, chart);
    return chart;
  }

  #scene(view: 'treemap' | 'scores' | 'quota', shown: () => ClustersShown, open: (position: number) => void): ChartScene {
    if (view === 'treemap') return new TreemapScene(shown, this.#context, open);
    const plot = view === 'scores' ? scoresPlot : quotaPlot;
    return new ScatterScene(shown, this.#context, (now) => plot(now, this.#context), open);
  }

  #makeMap(shown: () => ClustersShown): ChartCanvas {
    this.#map = new MapChart(shown, this.#context, {
      openCluster: this.#actions.onMap,
      openInstance: this.#actions.onOpenInstance,
      leave: this.#actions.onLeaveCluster,
      drawn: this.#actions.onDrawn,
    });
    return this.#map.canvas;
  }

  #legends(view: ClusterView, { model, colouring }: ClustersShown): HTMLElement {
    const { charts } = this.#context.strings;
    const legends = element('div', { class: 'legends' });
    if (colouring !== undefined) legends.append(classLegend(colouring, this.#context));
    if (view === 'treemap') legends.append(element('p', { class: 'of' }, charts.areaIsSize));
    else {
      const area = view === 'scores' && model.take !== null ? charts.areaIsQuota : charts.areaIsSize;
      legends.append(outcomeLegend(area, this.#context, model.kept !== null));
    }
    if (view === 'quota' && model.keptOfAll !== null) legends.append(lineLegend(model.keptOfAll, this.#context));
    const dots = view === 'map' ? instanceLegend(this.#context, model.kept !== null) : undefined;
    if (dots !== undefined) legends.append(dots);
    return legends;
  }

  #zoomButtons(): HTMLElement {
    const { charts } = this.#context.strings;
    const zoom = (factor: number) => () => this.#map?.zoom(factor);
    return element(
      'div',
      { class: 'zoom' },
      iconButton('plus', charts.zoomIn, zoom(1.6)),
      iconButton('minus', charts.zoomOut, zoom(1 / 1.6)),
      textButton(charts.zoomAll, this.#actions.onLeaveCluster),
    );
  }

  #fillHint(): void {
    const { strings, say, n } = this.#context;
    const { charts } = strings;
    const points = this.#view === 'map' ? this.points : undefined;
    if (points === undefined) this.#hint.textContent = this.#view === 'map' ? charts.mapHint : charts.hint;
    else {
      const shown = say(charts.pointsShown, n(points.ordinal.length), n(points.size), String(points.cluster));
      this.#hint.textContent = shown;
    }
  }
}
