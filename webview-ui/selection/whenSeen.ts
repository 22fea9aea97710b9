/** Runs work for an element only while it can be seen; what came meanwhile is done once, in its newest form, when it is. */
export class WhenSeen {
  #isSeen = true;
  #waiting: (() => void) | undefined;

  constructor(element: Element) {
    new IntersectionObserver((entries) => {
      this.#isSeen = entries.at(-1)?.isIntersecting ?? true;
      if (this.#isSeen) this.#flush();
    }).observe(element);
  }

  /** Takes the place of work that still waits. */
  run(work: () => void): void {
    this.#waiting = work;
    if (this.#isSeen) this.#flush();
  }

  #flush(): void {
    const work = this.#waiting;
    this.#waiting = undefined;
    work?.();
  }
}
