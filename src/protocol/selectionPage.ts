import type { CommonEvents } from './page.ts';
import type { Perspective } from './perspectives.ts';

/** What the page of a selection shows. Sentences are localised by the host; the page draws and never composes text from data. */
export interface SelectionView {
  readonly locale: string;
  readonly title: string;
  /** "Kept n of N instances (p %)." and the expectation with its standard deviation. */
  readonly summary: readonly string[];
  readonly perspectives: readonly PerspectiveView[];
  readonly canOpenOutput: boolean;
  readonly canRevealManifest: boolean;
  readonly strings: SelectionStrings;
}

export interface PerspectiveView {
  readonly perspective: Perspective;
  readonly title: string;
  /** Frequency at or below which an entity is tail; null when the perspective has no entity. */
  readonly boundary: number | null;
  readonly boundaryLabel: string;
  readonly series: readonly SeriesView[];
  /** Gini before and after, shares of head and tail kept, entities lost. */
  readonly facts: readonly string[];
  /** The chart in words, for screen readers. */
  readonly spoken: string;
  readonly measures: TableView;
  readonly curve: TableView;
}

export const seriesRoles = ['before', 'after', 'control'] as const;
export type SeriesRole = (typeof seriesRoles)[number];

/** A rank-frequency curve: ranks are 1-based here because both axes are logarithmic, and ascend. */
export interface SeriesView {
  readonly role: SeriesRole;
  readonly label: string;
  readonly points: readonly (readonly [rank: number, frequency: number])[];
}

export interface TableView {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Words of the page. `{0}`, `{1}` ... are places for values. */
export interface SelectionStrings {
  readonly showTables: string;
  readonly showCharts: string;
  readonly openOutput: string;
  readonly revealManifest: string;
  readonly rankAxis: string;
  readonly frequencyAxis: string;
  readonly head: string;
  readonly tail: string;
  readonly legend: string;
  readonly tauLegend: string;
  readonly noEntities: string;
  readonly chartHint: string;
  /** Series, rank, frequency. */
  readonly point: string;
}

/** What the host gives a page: what to show, and what the page keeps with `setState` so that it survives a reload. */
export interface PanelContent {
  readonly view: SelectionView;
  readonly state: unknown;
}

export interface DrawnCharts {
  readonly theme: string;
  readonly charts: readonly {
    readonly perspective: string;
    /** Points per series, in the order of the view. */
    readonly points: readonly number[];
    /** Pixels of the canvas that are not transparent. */
    readonly paintedPixels: number;
  }[];
}

/** The wire of the page *selection*. */
export interface SelectionPage {
  readonly requests: {
    readonly ready: { readonly params: null; readonly result: PanelContent };
    readonly openOutput: { readonly params: null; readonly result: null };
    readonly revealManifest: { readonly params: null; readonly result: null };
  };
  readonly events: CommonEvents & {
    /** What the page really drew, once per drawing. */
    readonly drawn: DrawnCharts;
  };
  readonly hostEvents: { readonly content: PanelContent };
}
