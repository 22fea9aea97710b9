import { permutations, precisions } from '../../../src/protocol/clustering.ts';
import type { ClustersSetting, CoresetSettings } from '../../../src/protocol/coresetPage.ts';
import { element } from '../../shared/element.ts';
import { labelled, newId } from '../../shared/fields/field.ts';
import { numberRow, select } from '../../shared/fields/formParts.ts';
import { NumberField } from '../../shared/fields/numberField.ts';
import { layoutOf, withFile } from '../draft.ts';
import { FileRow } from './fileRow.ts';
import type { FormHooks, FormPart, FormState } from './formPart.ts';

const clusterKinds: readonly ClustersSetting['kind'][] = ['auto', 'number', 'import'];
const defaults = { iterations: 50, precision: 'f32', permutation: 'mod' } as const;

/** Where features, clusters and scores come from, and how clusters are made. */
export class SourcesPart implements FormPart {
  readonly root: HTMLElement;
  readonly #hooks: FormHooks;
  readonly #features: HTMLSelectElement;
  readonly #featuresFile: FileRow;
  readonly #layout = element('input', { type: 'text', id: newId(), spellcheck: 'false' });
  readonly #layoutRow: HTMLElement;
  readonly #layoutProblem: HTMLElement;
  readonly #clusters: HTMLSelectElement;
  readonly #clusterCount: NumberField;
  readonly #clusterCountRow: HTMLElement;
  readonly #imported: Readonly<Record<'assignments' | 'centroids', FileRow>>;
  readonly #training: HTMLElement;
  readonly #iterations: NumberField;
  readonly #precision: HTMLSelectElement;
  readonly #permutation: HTMLSelectElement;
  readonly #column: FileRow;

  constructor(hooks: FormHooks) {
    this.#hooks = hooks;
    const { strings, settings, change } = hooks;
    const { controls } = strings;
    this.#features = select([
      ['builtin', strings.builtin],
      ['file', strings.ownFile],
    ]);
    this.#features.addEventListener('change', () => void this.#featuresChosen());
    this.#featuresFile = new FileRow('features', hooks);
    this.#layoutProblem = element('p', { class: 'problem', id: newId(), hidden: '' }, strings.layoutWrong);
    this.#layout.addEventListener('input', () => this.#layoutTyped(false));
    this.#layout.addEventListener('change', () => this.#layoutTyped(true));
    this.#layoutRow = labelled(controls.layout, this.#layout, this.#layoutProblem);
    this.#clusters = select(clusterKinds.map((kind) => [kind, strings.clusterKinds[kind]]));
    this.#clusters.addEventListener('change', () => this.#clustersChosen());
    this.#clusterCount = this.#wholeNumber(controls.clusterCount.label, (value) =>
      change({ ...settings(), clusters: { kind: 'number', value } }),
    );
    this.#clusterCountRow = numberRow(controls.clusterCount, this.#clusterCount);
    this.#imported = { assignments: new FileRow('assignments', hooks), centroids: new FileRow('centroids', hooks) };
    this.#iterations = this.#wholeNumber(controls.iterations.label, (value) => change(withOwn(settings(), 'iterations', value)));
    this.#precision = select(precisions.map((one) => [one, one]));
    this.#precision.addEventListener('change', () => change(withOwn(settings(), 'precision', this.#precision.value)));
    this.#permutation = select(permutations.map((one) => [one, one]));
    this.#permutation.addEventListener('change', () => change(withOwn(settings(), 'permutation', this.#permutation.value)));
    this.#training = element(
      'div',
      {},
      numberRow(controls.iterations, this.#iterations),
      labelled(controls.precision, this.#precision),
      labelled(controls.permutation, this.#permutation),
    );
    this.#column = new FileRow('column', hooks);
    this.root = element(
      'div',
      {},
      labelled(controls.features, this.#features),
      this.#featuresFile.root,
      this.#layoutRow,
      labelled(controls.clusters, this.#clusters),
      this.#clusterCountRow,
      this.#imported.assignments.root,
      this.#imported.centroids.root,
      this.#training,
      this.#column.root,
    );
  }

  sync({ settings }: FormState): void {
    const { features, layout, clusters, iterations, precision, permutation, column } = settings;
    this.#features.value = features === undefined ? 'builtin' : 'file';
    this.#featuresFile.root.hidden = features === undefined;
    this.#featuresFile.sync(features);
    this.#layoutRow.hidden = features === undefined;
    if (document.activeElement !== this.#layout) this.#layout.value = layout === undefined ? '' : `${layout.layers}x${layout.half}`;
    this.#clusters.value = clusters.kind;
    this.#clusterCountRow.hidden = clusters.kind !== 'number';
    if (clusters.kind === 'number') this.#clusterCount.set(clusters.value);
    for (const name of ['assignments', 'centroids'] as const) {
      this.#imported[name].root.hidden = clusters.kind !== 'import';
      this.#imported[name].sync(clusters.kind === 'import' ? clusters[name] : undefined);
    }
    this.#training.hidden = clusters.kind === 'import';
    this.#iterations.set(iterations ?? defaults.iterations);
    this.#precision.value = precision ?? defaults.precision;
    this.#permutation.value = permutation ?? defaults.permutation;
    this.#column.sync(column);
  }

  async #featuresChosen(): Promise<void> {
    const { settings, change } = this.#hooks;
    if (this.#features.value === 'builtin') change(withFile(settings(), 'features', undefined));
    else if (!(await this.#featuresFile.choose())) this.#features.value = settings().features === undefined ? 'builtin' : 'file';
  }

  #clustersChosen(): void {
    const { settings, change, instances } = this.#hooks;
    const kind = clusterKinds.find((one) => one === this.#clusters.value) ?? 'auto';
    const value = Math.max(1, Math.round((instances() ?? 6600) / 66));
    change({ ...settings(), clusters: kind === 'number' ? { kind, value } : { kind } });
  }

  /** A text that is being typed is only refused when the typing has ended. */
  #layoutTyped(hasEnded: boolean): void {
    const { settings, change } = this.#hooks;
    const layout = layoutOf(this.#layout.value);
    const isWrong = layout === undefined;
    if (!isWrong || hasEnded) {
      this.#layoutProblem.hidden = !isWrong;
      this.#layout.toggleAttribute('aria-invalid', isWrong);
      if (isWrong) this.#layout.setAttribute('aria-invalid', 'true');
    }
    if (isWrong) return;
    const { layout: _, ...others } = settings();
    change(layout === null ? others : { ...others, layout });
  }

  #wholeNumber(name: string, onInput: (value: number) => void): NumberField {
    const { strings, locale } = this.#hooks;
    return new NumberField({
      name,
      low: 1,
      high: Number.MAX_SAFE_INTEGER,
      step: 1,
      whole: true,
      outOfRange: strings.tooSmall,
      locale,
      onInput,
      onCommit: () => undefined,
    });
  }
}

/** The default is not written down. */
function withOwn(settings: CoresetSettings, name: keyof typeof defaults, value: string | number): CoresetSettings {
  const { [name]: _, ...others } = settings;
  return value === defaults[name] ? others : { ...others, [name]: value };
}
