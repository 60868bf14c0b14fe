/** What whoever serves the page says of it: whether it may change something. */

interface Settings {
  /** False: actions are shown off. */
  readonly mayWrite: boolean;
  readonly version: string;
}

const stated = (name: string): string =>
  document.querySelector<HTMLMetaElement>(`meta[name="spot-${name}"]`)?.content ?? "";

export const settings: Settings = {
  mayWrite: stated("write") === "true",
  version: stated("version"),
};

export const readOnlyNote = "Read-only. Restart with --write";
