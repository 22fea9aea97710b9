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

/** Requests of a page to the host. */
export interface PanelRequests {
  ready: { params: null; result: PanelContent };
  openOutput: { params: null; result: null };
  revealManifest: { params: null; result: null };
}

/** What a page tells without an answer: what it really drew, once per drawing. */
export interface PanelEvents {
  drawn: DrawnCharts;
  problem: { readonly message: string };
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

/** What the host tells a page without an answer. */
export interface HostEvents {
  content: PanelContent;
}

export type MessageToHost =
  | { readonly kind: 'request'; readonly id: number; readonly method: keyof PanelRequests; readonly params: unknown }
  | { readonly kind: 'event'; readonly name: keyof PanelEvents; readonly payload: unknown };

export type MessageToPage =
  | { readonly kind: 'reply'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  | { readonly kind: 'event'; readonly name: keyof HostEvents; readonly payload: unknown };
