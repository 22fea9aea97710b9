/** Declaration of one option: parsing, validation and `--help` all come from it. */
export interface OptionSpec {
  /** Long name without dashes. */
  readonly name: string;
  /** Placeholder of the value; absent for switches. */
  readonly value?: string;
  readonly repeatable?: boolean;
  readonly help: string;
}

export const datasetOptions: readonly OptionSpec[] = [
  { name: 'images', value: 'DIR', repeatable: true, help: "image root, may be given several times (default: the dataset's folder)" },
  { name: 'run-dir', value: 'DIR', help: 'where artifacts and runs are kept (default: .ballast beside the dataset)' },
  { name: 'threads', value: 'N', help: 'worker threads (default: number of cores)' },
  {
    name: 'device',
    value: 'NAME',
    help: 'auto, cpu, webgpu, cuda, dml or coreml (default: auto, the processor: its labels are the same everywhere); ballast doctor lists what works',
  },
];

export const seedOption: OptionSpec = { name: 'seed', value: 'N', help: 'seed of every draw (default: 42)' };

export const outputOptions: readonly OptionSpec[] = [
  { name: 'json', help: 'one JSON document on standard output, nothing else there' },
  { name: 'quiet', help: 'no progress on standard error' },
  { name: 'help', help: 'this text' },
];

export const analyzeOptions: readonly OptionSpec[] = [
  {
    name: 'perspectives',
    value: 'LIST',
    help: 'of token,object,cooccurrence,interrogation, in the draw order of the python sampler (default: all four)',
  },
  { name: 'entities', value: 'FILE.jsonl', help: 'bring your own: one line per instance {ordinal, token:[], object:[], interrogation:[]}' },
  { name: 'mass', value: 'LIST', help: 'share of postings in the head, e.g. token=.9,cooccurrence=.75 (default: .9, cooccurrence .75)' },
  { name: 'tau', value: 'LIST', help: 'threshold frequency, e.g. token=120; overrides the mass' },
  {
    name: 'hygiene',
    value: 'LIST',
    help: 'guards against noise entities: blanks,placeholders,glued,case or none (default: all, imported entities: blanks)',
  },
  { name: 'min-frequency', value: 'N', help: 'leave out entities with fewer instances (default: 1)' },
  { name: 'lexicon', value: 'FILE', help: 'extra object names, one per line' },
  { name: 'stop-list', value: 'FILE', help: 'entities to ignore, one per line' },
];

export const analyzeOnlyOptions: readonly OptionSpec[] = [
  { name: 'top', value: 'N', help: 'entities listed per perspective (default: 20)' },
  { name: 'entity', value: 'NAME', help: 'list the instances that hold this entity (with --perspective)' },
  { name: 'perspective', value: 'P', help: 'the perspective of --entity' },
  { name: 'export', value: 'FILE.jsonl', help: 'write the extracted entities in the import format' },
  { name: 'hygiene-effects', help: 'also compute the expected volume with each hygiene switch turned the other way' },
];

export const rebalanceOnlyOptions: readonly OptionSpec[] = [
  { name: 'output', value: 'OUT', help: 'result file, also -o; its manifest is written beside it as OUT.manifest.json' },
  { name: 'min-perspectives', value: 'N', help: 'perspectives that must pass (default: 1)' },
  {
    name: 'alpha',
    value: 'A',
    help: 'share kept of what passes, 0 to 1 (default: 1; given, 1 included, the python sampler makes one more draw)',
  },
  { name: 'target', value: 'N|P%', help: 'wanted expected volume: scales the taus until the closed form gives it' },
  { name: 'target-by', value: 'tau|mass|alpha', help: 'what --target moves (default: tau, which keeps every tail instance)' },
  { name: 'sampler', value: 'hash|python', help: "hash: order-independent (default); python: MT19937 in the reference's draw order" },
  { name: 'protect', value: 'RULE', repeatable: true, help: 'always keep: text-only, or FIELD=VALUE' },
  { name: 'random-control', value: 'OUT2', help: 'also write a random selection of equal size' },
  {
    name: 'plan',
    value: 'FILE',
    help: 'settings from a plan (NAME.ballast-plan.json) or from the manifest of an earlier run; options given here win over them',
  },
  { name: 'save-plan', value: 'FILE', help: 'save the settings of this call as NAME.ballast-plan.json, also with --dry-run' },
  { name: 'dry-run', help: 'exact expected volume only; nothing is written' },
];
