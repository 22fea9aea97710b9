/** A table of a page; the first cell of a row names the row. */
export interface TableView {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface FailureView {
  readonly sentence: string;
  /** Buttons; `tryAgain` is the page's own, the others are the host's. */
  readonly repairs: readonly { readonly action: string; readonly label: string }[];
}

/** Failures of the engine are answers: they carry what can be done. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: FailureView };
