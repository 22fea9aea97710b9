/** What a key of the review does. */
export const reviewCommands = ['accept', 'reject', 'undo', 'next', 'previous', 'zoom', 'grid', 'keys'] as const;
export type ReviewCommand = (typeof reviewCommands)[number];

/** The keys as they are written on buttons and in the list of keys. */
export const keyNames: Readonly<Record<ReviewCommand, string>> = {
  accept: 'A',
  reject: 'R',
  undo: 'U',
  next: 'J',
  previous: 'K',
  zoom: 'Space',
  grid: 'G',
  keys: '?',
};

export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly repeat: boolean;
}

/** What has the focus: keys mean other things in a field, and a button or a link takes the space bar for itself. */
export type FocusKind = 'field' | 'button' | 'other';

/** A decision is meant once, however long its key is held. */
const once: readonly ReviewCommand[] = ['accept', 'reject', 'undo', 'zoom', 'grid', 'keys'];

/** The command of a key; undefined where the key belongs to somebody else. */
export function commandOf({ key, ctrlKey, metaKey, altKey, repeat }: PressedKey, focus: FocusKind): ReviewCommand | undefined {
  if (ctrlKey || metaKey || altKey || focus === 'field') return undefined;
  const pressed = key === ' ' ? 'Space' : key.toUpperCase();
  const command = reviewCommands.find((one) => keyNames[one].toUpperCase() === pressed.toUpperCase());
  if (command === undefined || (command === 'zoom' && focus === 'button')) return undefined;
  return repeat && once.includes(command) ? undefined : command;
}
