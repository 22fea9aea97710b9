/** A change becomes the setting when nothing has followed it for so long: keys come in bursts. */
const commitDelayMs = 250;

export interface DraftHooks<Settings, View> {
  /** Makes the settings the host's, and gives what they are then. */
  edit(settings: Settings): Promise<View>;
  /** The user has changed something. */
  onChange(): void;
  /** The host's settings are what is shown from now on. */
  onAdopt(): void;
  onFailure(error: unknown): void;
}

/** Settings of a page: what the user changes shows at once, and becomes the host's when it comes to rest or the page goes away. */
export class SettingsDraft<Settings, View extends { readonly settings: Settings }> {
  readonly #hooks: DraftHooks<Settings, View>;
  #view: View;
  #settings: Settings;
  /** Raised by every change: an answer to an earlier one is not shown. */
  #edits = 0;
  #commitTimer: number | undefined;

  constructor(view: View, hooks: DraftHooks<Settings, View>) {
    this.#hooks = hooks;
    this.#view = view;
    this.#settings = view.settings;
    // A hidden page is thrown away: what was just changed must not be.
    window.addEventListener('pagehide', () => void this.flush());
    document.addEventListener('visibilitychange', () => void this.flush());
  }

  /** As the host knows them. */
  get view(): View {
    return this.#view;
  }

  /** As the user sees them. */
  get settings(): Settings {
    return this.#settings;
  }

  change(settings: Settings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    this.#edits++;
    this.#settings = settings;
    this.#hooks.onChange();
    clearTimeout(this.#commitTimer);
    this.#commitTimer = window.setTimeout(() => void this.flush(), commitDelayMs);
  }

  /** A change becomes the setting now. */
  async flush(): Promise<void> {
    if (this.#commitTimer === undefined) return;
    clearTimeout(this.#commitTimer);
    this.#commitTimer = undefined;
    const edits = this.#edits;
    try {
      const view = await this.#hooks.edit(this.#settings);
      if (edits === this.#edits) this.adopt(view);
    } catch (error: unknown) {
      this.#hooks.onFailure(error);
    }
  }

  /** The settings were changed elsewhere; what the user is changing wins. */
  offer(view: View): void {
    if (this.#commitTimer === undefined) this.adopt(view);
  }

  adopt(view: View): void {
    this.#view = view;
    this.#settings = view.settings;
    this.#hooks.onAdopt();
  }
}
