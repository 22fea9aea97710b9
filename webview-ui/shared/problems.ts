import { textButton } from './controls.ts';
import { element } from './element.ts';

/** More of a stack tells nothing more. */
const mostCharacters = 2000;

/** What to tell people of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Tells host and log of every error that nobody catches, and gives a function for those that are caught; the page stays as it is. */
export function reportProblems(tell: (problem: { readonly message: string }) => void): (error: unknown) => void {
  const report = (error: unknown): void =>
    tell({ message: ((error instanceof Error ? error.stack : undefined) ?? messageOf(error)).slice(0, mostCharacters) });
  window.addEventListener('error', (event) => report(event.error ?? event.message));
  window.addEventListener('unhandledrejection', (event) => report(event.reason));
  return report;
}

/** Stands in for a page whose content could not be had. */
export function showFailedStart(page: HTMLElement, error: unknown, again: () => void): void {
  // The words of the page are not here yet; the sign alone says it.
  page.replaceChildren(element('p', { role: 'alert' }, messageOf(error)), textButton('↻', again));
}
