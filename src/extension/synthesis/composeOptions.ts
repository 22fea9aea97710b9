/** What is composed: a dataset, or a staging folder, whose dataset is then meant. What is not given is asked for. */
export interface ComposeTarget {
  readonly dataset?: string;
  readonly staging?: string;
}

/** With `volume`, nothing is asked: `selection` absent means every instance. */
export interface ComposeOptions {
  /** Manifest of a finished run. */
  readonly selection?: string;
  readonly volume?: number | 'keep';
  /** A file that does not exist; default: beside the source. */
  readonly output?: string;
}
