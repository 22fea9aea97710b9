import type { Perspective } from '../../src/protocol/perspectives.ts';
import type { DrawnCharts, LiveView } from '../../src/protocol/selectionPage.ts';
import { element } from '../shared/element.ts';
import { fillText } from '../shared/fillText.ts';
import type { ThemeColors } from '../shared/theme.ts';
import { newId } from './fields/field.ts';
import { curveLegend } from './legend.ts';
import { LossSection } from './lossSection.ts';
import { type FigureKind, PerspectiveSection, type SectionOptions } from './perspectiveSection.ts';

export interface FiguresOptions extends SectionOptions {
  readonly kind: FigureKind;
  readonly theme: ThemeColors;
  readonly onKind: (kind: FigureKind) => void;
  /** Remembers whether the notes are open. */
  readonly fold: (name: string, details: HTMLDetailsElement) => void;
}

const kinds = ['rank', 'lorenz', 'tables'] as const;

/** Every figure of the page. Sections are kept and updated; only a perspective that comes or goes makes or ends one. */
export class Figures {
  readonly root: HTMLElement;
  readonly #options: FiguresOptions;
  readonly #switch: ReadonlyMap<FigureKind, HTMLInputElement>;
  readonly #legend = element('div', { class: 'legend-box' });
  readonly #grid = element('div', { class: 'perspectives' });
  readonly #notes = element('details', { class: 'notes', open: '' });
  readonly #notesTitle = element('summary');
  readonly #notesList = element('ul');
  readonly #hint: HTMLElement;
  readonly #loss: LossSection;
  #sections: PerspectiveSection[] = [];
  #kind: FigureKind;
  /** The kind of curve that T comes back to. */
  #curves: FigureKind = 'rank';
  #theme: ThemeColors;
  #hasScaled = false;
  #live: LiveView | undefined;

  constructor(options: FiguresOptions) {
    this.#options = options;
    this.#kind = options.kind;
    this.#theme = options.theme;
    const { strings } = options;
    this.#loss = new LossSection(options);
    const name = newId();
    const labels: Readonly<Record<FigureKind, string>> = {
      rank: strings.rankCharts,
      lorenz: strings.lorenzCharts,
      tables: strings.tables,
    };
    this.#switch = new Map(
      kinds.map((kind) => {
        const input = element('input', { type: 'radio', name, value: kind, id: newId() });
        input.addEventListener('change', () => this.setKind(kind));
        return [kind, input] as const;
      }),
    );
    const choices = kinds.map((kind) => {
      const input = this.#switch.get(kind) as HTMLInputElement;
      if (kind === 'tables') input.setAttribute('aria-keyshortcuts', 'T');
      return element('span', { class: 'choice' }, input, element('label', { for: input.id }, labels[kind]));
    });
    this.#hint = element('p', { class: 'quiet hint' }, strings.chartHint);
    this.#notes.append(this.#notesTitle, this.#notesList);
    this.#notes.hidden = true;
    options.fold('notes', this.#notes);
    this.root = element(
      'div',
      { class: 'figures' },
      element('h2', { class: 'spoken-only' }, strings.figures),
      element('div', { class: 'kinds', role: 'radiogroup', 'aria-label': strings.figures }, ...choices),
      this.#legend,
      this.#notes,
      this.#grid,
      this.#hint,
      this.#loss.root,
    );
    this.root.hidden = true;
    this.#showKind();
  }

  /** The user holds a line: nothing may take it away. */
  get isDragging(): boolean {
    return this.#sections.some((section) => section.isDragging);
  }

  /** New numbers; `boundaryOf` says where the draft has the lines. */
  update(live: LiveView, boundaryOf: (perspective: Perspective, boundary: number | null) => number | null): void {
    this.root.hidden = false;
    const fresh = this.#arrange(live);
    this.#live = live;
    for (const view of live.perspectives)
      this.#sections.find(({ perspective }) => perspective === view.perspective)?.update(view, boundaryOf(view.perspective, view.boundary));
    for (const section of fresh) section.draw(this.#theme);
    this.#loss.update(live);
    this.#showNotes(live);
    const hasScaled = live.perspectives.some(({ tau, boundary }) => tau !== boundary);
    if (hasScaled !== this.#hasScaled) {
      this.#hasScaled = hasScaled;
      this.#showLegend();
    }
  }

  /** The draft's lines, before the numbers follow. */
  setBoundaries(boundaryOf: (perspective: Perspective, boundary: number | null) => number | null): void {
    for (const view of this.#live?.perspectives ?? [])
      this.#sections.find(({ perspective }) => perspective === view.perspective)?.setBoundary(boundaryOf(view.perspective, view.boundary));
  }

  setKind(kind: FigureKind): void {
    if (kind === this.#kind) return;
    if (this.#kind !== 'tables') this.#curves = this.#kind;
    this.#kind = kind;
    this.#showKind();
    for (const section of this.#sections) section.setKind(kind);
    this.#loss.setKind(kind);
    this.#options.onKind(kind);
  }

  toggleTables(): void {
    this.setKind(this.#kind === 'tables' ? this.#curves : 'tables');
  }

  draw(theme: ThemeColors): void {
    this.#theme = theme;
    for (const section of this.#sections) section.draw(theme);
    this.#loss.draw(theme);
  }

  drawn(): Omit<DrawnCharts, 'theme'> | undefined {
    if (this.#live === undefined) return undefined;
    return { view: this.#kind, kept: this.#live.kept, charts: this.#sections.map((section) => section.drawn()) };
  }

  /** Gives the sections that are new and not drawn yet. */
  #arrange(live: LiveView): readonly PerspectiveSection[] {
    const wanted = live.perspectives.map(({ perspective }) => perspective);
    if (wanted.join() === this.#sections.map(({ perspective }) => perspective).join()) return [];
    const fresh: PerspectiveSection[] = [];
    const old = this.#sections;
    this.#sections = live.perspectives.map((view) => {
      const kept = old.find(({ perspective }) => perspective === view.perspective);
      if (kept !== undefined) return kept;
      const made = new PerspectiveSection(view, this.#kind, this.#theme, this.#options);
      fresh.push(made);
      return made;
    });
    for (const section of old) if (!this.#sections.includes(section)) section.dispose();
    this.#grid.replaceChildren(...this.#sections.map(({ root }) => root));
    if (this.#live === undefined) {
      this.#loss.draw(this.#theme);
      this.#loss.setKind(this.#kind);
    }
    return fresh;
  }

  #showKind(): void {
    for (const [kind, input] of this.#switch) input.checked = kind === this.#kind;
    this.#hint.hidden = this.#kind === 'tables';
    this.#showLegend();
  }

  #showLegend(): void {
    const { strings } = this.#options;
    if (this.#kind === 'tables') this.#legend.replaceChildren();
    else this.#legend.replaceChildren(curveLegend(this.#kind, strings, this.#hasScaled));
  }

  #showNotes({ notes }: LiveView): void {
    this.#notes.hidden = notes.length === 0;
    const texts = notes.map(({ text }) => text);
    if (texts.join('\n') === [...this.#notesList.children].map((item) => item.textContent).join('\n')) return;
    this.#notesTitle.textContent = fillText(this.#options.strings.notes, String(notes.length));
    this.#notesList.replaceChildren(...notes.map(({ id, text }) => element('li', { 'data-note': id }, text)));
  }
}
