import type { Perspective } from '../../../src/protocol/perspectives.ts';
import type { PerspectiveView } from '../../../src/protocol/selectionPage.ts';
import { element } from '../../shared/element.ts';
import { fillText } from '../../shared/fillText.ts';
import { composedOf, massOf, withMass, withPerspective, withTau } from '../draft.ts';
import { describe, newId } from '../fields/field.ts';
import { SliderField } from '../fields/sliderField.ts';
import { frequencyScale, linearScale } from '../scales.ts';
import type { PlanHooks, PlanPart, PlanState } from './planPart.ts';

/** Digits of a mass or a threshold that nobody has typed. */
const shownDigits = 4;

/** The knobs of one perspective: composed or not, its mass, its threshold. */
export class PerspectiveControls implements PlanPart {
  readonly root: HTMLElement;
  readonly #perspective: Perspective;
  readonly #hooks: PlanHooks;
  readonly #composed: HTMLInputElement;
  readonly #governed: HTMLElement;
  readonly #mass: SliderField;
  readonly #tau: SliderField;
  #top = 0;

  constructor(perspective: Perspective, hooks: PlanHooks) {
    this.#perspective = perspective;
    this.#hooks = hooks;
    const { strings, locale } = hooks;
    const { controls, titles, outOfRange } = strings;
    const title = titles[perspective];
    const nameOf = (label: string): string => fillText(strings.controlOf, title, label);
    const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
    const shared = { locale, outOfRange, onCommit: hooks.commit };
    this.#mass = new SliderField({
      ...shared,
      text: controls.mass,
      name: nameOf(controls.mass.label),
      low: 0,
      high: 1,
      step: 0.01,
      scale: linearScale(0, 1, 0.005),
      spoken: (value) => number.format(value),
      onInput: (value) => hooks.draft(withMass(hooks.knobs(), perspective, value)),
    });
    this.#tau = new SliderField({
      ...shared,
      text: controls.tau,
      name: nameOf(controls.tau.label),
      low: Number.MIN_VALUE,
      high: Number.MAX_SAFE_INTEGER,
      step: 1,
      scale: frequencyScale(1),
      spoken: (value) => number.format(value),
      onInput: (value) => hooks.draft(withTau(hooks.knobs(), perspective, value)),
    });
    this.#composed = element('input', { type: 'checkbox', id: newId() });
    this.#composed.addEventListener('change', () => {
      hooks.draft(withPerspective(hooks.knobs(), perspective, this.#composed.checked));
      hooks.commit();
    });
    this.#governed = element('span', { class: 'governed' });
    const label = element('label', { for: this.#composed.id }, title);
    const legend = element('legend', {}, this.#composed, label, this.#governed, describe(this.#composed, controls.perspective.help));
    this.root = element('fieldset', { class: 'knobs' }, legend, this.#mass.root, this.#tau.root);
  }

  sync({ knobs, live }: PlanState): void {
    const composed = composedOf(knobs);
    const isComposed = composed.includes(this.#perspective);
    const isLast = isComposed && composed.length === 1;
    const { strings } = this.#hooks;
    this.#composed.checked = isComposed;
    this.#composed.disabled = isLast;
    this.#composed.title = isLast ? strings.lastPerspective : strings.controls.perspective.help;
    const view = live?.perspectives.find((one) => one.perspective === this.#perspective);
    const fixed = knobs.tau?.[this.#perspective];
    const top = Math.max(view?.top ?? this.#top, fixed ?? 1, 1);
    if (top !== this.#top) {
      this.#top = top;
      this.#tau.setScale(frequencyScale(top), Number.MAX_SAFE_INTEGER);
    }
    if (fixed === undefined) this.#mass.set(massOf(knobs, this.#perspective));
    else this.#mass.set(view?.mass ?? massOf(knobs, this.#perspective), shownDigits);
    if (fixed === undefined) this.#tau.set(view?.boundary ?? undefined, shownDigits);
    else this.#tau.set(fixed);
    this.#mass.setDisabled(!isComposed);
    this.#tau.setDisabled(!isComposed || (fixed === undefined && (view === undefined || view.boundary === null)));
    this.root.classList.toggle('off', !isComposed);
    this.#governed.textContent = isComposed ? this.#governor(fixed, view) : '';
  }

  #governor(fixed: number | undefined, view: PerspectiveView | undefined): string {
    const { strings, locale } = this.#hooks;
    if (view !== undefined && view.tau !== null && view.boundary !== null && view.tau !== view.boundary)
      return fillText(strings.byTarget, new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(view.tau));
    return fixed === undefined ? strings.byMass : strings.byTau;
  }
}
