import type { LiveView, PlanKnobs, PlanView, SelectionStrings } from '../../../src/protocol/selectionPage.ts';

/** What the parts of the form need. `knobs` is the draft: the plan with what the user is just changing. */
export interface PlanHooks {
  readonly strings: SelectionStrings;
  readonly locale: string;
  readonly knobs: () => PlanKnobs;
  /** The draft changes; the figures follow. */
  readonly draft: (knobs: PlanKnobs) => void;
  /** The draft becomes the plan: one step to undo. */
  readonly commit: () => void;
}

/** What a part shows. */
export interface PlanState {
  readonly plan: PlanView;
  readonly knobs: PlanKnobs;
  readonly live: LiveView | undefined;
}

/** One group of the form. */
export interface PlanPart {
  readonly root: HTMLElement;
  sync(state: PlanState): void;
}

/** A group that can be folded. */
export function group(title: HTMLElement | string, ...children: readonly HTMLElement[]): HTMLDetailsElement {
  const details = document.createElement('details');
  details.className = 'group';
  const summary = document.createElement('summary');
  summary.append(title);
  details.append(summary, ...children);
  return details;
}
