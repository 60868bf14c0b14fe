/** Buttons that lead to a change. Where the page may only read they are shown off, and it is said why. */
import type { JSX } from "preact";
import { readOnlyNote, settings } from "../settings.ts";
import { Notice } from "./notice.tsx";

interface ActionProps {
  /** `Approve…` */
  readonly verb: string;
  /** What it is done to, for who does not see the row. */
  readonly subject: string;
  readonly run: () => void;
  readonly isPrimary?: boolean;
}

export const Action = ({ verb, subject, run, isPrimary = false }: ActionProps): JSX.Element => (
  <button
    type="button"
    class={isPrimary ? "button primary" : "button"}
    aria-label={`${verb.replace("…", "")}: ${subject}`}
    disabled={!settings.mayWrite}
    title={settings.mayWrite ? undefined : readOnlyNote}
    onClick={run}
  >
    {verb}
  </button>
);

export const ReadOnly = (): JSX.Element | null =>
  settings.mayWrite ? null : <Notice tone="idle">{readOnlyNote}</Notice>;
