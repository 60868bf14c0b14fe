/** Copies a text, and says so for a moment. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { copyText, shownMs } from "./copied.ts";
import { Icon } from "./icons.tsx";

export const Copy = ({
  text,
  label,
}: {
  readonly text: string;
  /** What is copied: `the id`. */
  readonly label: string;
}): JSX.Element => {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await copyText(text, label);
    setCopied(true);
    setTimeout(() => {
      setCopied(false);
    }, shownMs);
  };
  return (
    <button
      type="button"
      class="plain"
      aria-label={`Copy ${label}`}
      title={`Copy ${label}`}
      onClick={() => void copy()}
    >
      <Icon name={isCopied ? "done" : "copy"} />
    </button>
  );
};
