/** Walks along the points of a chart with the arrow keys. */
export interface WalkerOptions {
  readonly canvas: HTMLCanvasElement;
  /** Points that can be walked. */
  readonly count: () => number;
  /** Marks a point and says it. */
  readonly show: (position: number) => void;
}

/** Arrow keys, Home and End on the canvas; the first arrow goes to the first point. */
export function walkPoints({ canvas, count, show }: WalkerOptions): void {
  let position = -1;
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = count() - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: position + 1,
      ArrowDown: position + 1,
      ArrowLeft: position - 1,
      ArrowUp: position - 1,
      Home: 0,
      End: last,
    };
    const wanted = steps[event.key];
    if (wanted === undefined || last < 0) return;
    event.preventDefault();
    position = Math.min(last, Math.max(0, wanted));
    show(position);
  });
}
