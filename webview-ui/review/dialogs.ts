import { iconButton, textButton } from '../shared/controls.ts';
import { element } from '../shared/element.ts';
import { keyNames, type ReviewCommand, reviewCommands } from './keys.ts';
import type { PageContext } from './pageContext.ts';

/** A dialog above the page; the browser keeps the focus in it and gives it back. Resolves when it is closed. */
export function openDialog(
  kind: string,
  title: string,
  close: string,
  ...parts: readonly Node[]
): { readonly root: HTMLDialogElement; readonly closed: Promise<string> } {
  const id = `dialog-${kind}`;
  const root = element('dialog', { class: kind, 'aria-labelledby': id });
  const head = element(
    'div',
    { class: 'dialog-head' },
    element('h2', { id }, title),
    iconButton('close', close, () => root.close()),
  );
  root.append(head, ...parts);
  // The page's keys belong to the dialog while it is open, and so does the key that closes it.
  root.addEventListener('keydown', (event) => event.stopPropagation());
  document.body.append(root);
  const closed = new Promise<string>((resolve) => {
    root.addEventListener('close', () => {
      root.remove();
      resolve(root.returnValue);
    });
  });
  root.showModal();
  return { root, closed };
}

/** Every key with what it does. */
export async function showKeys({ strings }: PageContext): Promise<void> {
  const { header, dialog } = strings;
  const labels: Readonly<Record<ReviewCommand, string>> = {
    accept: header.accept,
    reject: header.reject,
    undo: header.undo,
    next: header.next,
    previous: header.previous,
    zoom: header.zoom,
    grid: `${header.grid} / ${header.single}`,
    keys: header.keys,
  };
  const rows = reviewCommands.flatMap((command) => [
    element('dt', {}, element('kbd', {}, keyNames[command])),
    element('dd', {}, labels[command]),
  ]);
  const note = element('p', { class: 'hint' }, dialog.keysNote);
  const { root, closed } = openDialog('keys', dialog.keysTitle, dialog.close, element('dl', { class: 'key-list' }, ...rows), note);
  root.addEventListener('keydown', (event) => {
    if (event.key === keyNames.keys) root.close();
  });
  await closed;
}

/** Asks before many are accepted at once; true when the user goes on. */
export async function confirmAccept(count: number, { strings, say }: PageContext): Promise<boolean> {
  const { dialog } = strings;
  const accept = textButton(say(dialog.acceptButton, count), () => root.close('accept'), 'primary');
  const cancel = textButton(dialog.cancel, () => root.close());
  const { root, closed } = openDialog(
    'confirm',
    dialog.acceptTitle,
    dialog.close,
    element('p', {}, say(dialog.acceptQuestion, count)),
    element('div', { class: 'actions' }, accept, cancel),
  );
  accept.focus();
  return (await closed) === 'accept';
}
