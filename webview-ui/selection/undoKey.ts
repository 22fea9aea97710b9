/**
 * What a key asks of the plan. In a text that is being typed Ctrl+Z belongs to the text; a number that was typed and ended is part of
 * the plan.
 */
export function undoKey(event: KeyboardEvent): 'undo' | 'redo' | undefined {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return undefined;
  const key = event.key.toLowerCase();
  const step = key === 'z' ? (event.shiftKey ? 'redo' : 'undo') : key === 'y' && !event.shiftKey ? 'redo' : undefined;
  return step !== undefined && !isText(event.target) ? step : undefined;
}

function isText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement && (target.type === 'text' || (target.type === 'number' && target.dataset.typing !== undefined))
  );
}
