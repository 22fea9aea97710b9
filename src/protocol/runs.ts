/** The host names run folders, not datasets: a run stays listed when its dataset is gone. */
export interface ListRunsRequest {
  /** Run folders, absolute; one that does not exist has no runs. */
  readonly runDirs: readonly string[];
}

/** An output file as the manifest describes it and as it lies on the disk now. */
export interface RunOutput {
  /** Absolute. */
  readonly path: string;
  readonly role: 'selection' | 'control' | 'part';
  readonly bytes: number;
  readonly sha256: string;
  /** `resized` when its length is not the manifest's; equal bytes are what `run/verify` checks. */
  readonly state: 'present' | 'resized' | 'missing';
}

/** What the manifest says about the run. */
export interface RunFacts {
  readonly ballastVersion: string;
  readonly seed: number;
  readonly sampler: string;
  /** As the manifest spells them. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Whole numbers but `expected` and `standardDeviation`; see `Manifest.counts`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly stages: readonly { readonly name: string; readonly seconds: number }[];
}

/** One finished run of a run folder. Paths are absolute. */
export interface RunSummary {
  readonly runDir: string;
  readonly id: string;
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly finished: string;
  readonly dataset: string;
  readonly datasetPresent: boolean;
  readonly output: string;
  readonly manifest: string;
  readonly selectionHash: string;
  /** `replaced`: the manifest at that path is of a later run with another selection. */
  readonly manifestState: 'present' | 'missing' | 'unreadable' | 'replaced';
  /** The files that the manifest names; without a usable manifest only the output of the record, its hash unknown (empty). */
  readonly outputs: readonly RunOutput[];
  /** Only with `manifestState` `present`. */
  readonly facts?: RunFacts;
}

export interface RunList {
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  /** Run records that cannot be read. */
  readonly unreadable: readonly string[];
}

/** Deletes the record of a run; outputs and manifest stay. A record that is gone is no error. */
export interface DeleteRunRequest {
  readonly runDir: string;
  readonly id: string;
}

export interface ReproduceRequest {
  /** The manifest or the output it lies beside. */
  readonly manifest: string;
  /** New file; must not exist. */
  readonly output: string;
  readonly runDir?: string;
  readonly threads?: number;
}

/** Whether the manifest's request gives the same bytes again. The random control is not made again. */
export interface ReproduceReport {
  /** Every compared file has the SHA-256 of the manifest. */
  readonly equal: boolean;
  readonly output: string;
  readonly manifest: string;
  readonly selectionHash: string;
  readonly expectedSelectionHash: string;
  /** In order of the manifest. Of a mixture only the parts: the mixture file itself names them, so it differs with its own name. */
  readonly files: readonly {
    readonly path: string;
    readonly expectedSha256: string;
    /** Null when the new run has no such file. */
    readonly sha256: string | null;
  }[];
}
