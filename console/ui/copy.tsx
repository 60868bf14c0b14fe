/** Copies a text, and says so for a moment. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { announce } from "./live.ts";
import { Icon } from "./icons.tsx";

const shownMs = 2000;

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
    await navigator.clipboard.writeText(text);
    setCopied(true);
    announce(`Copied ${label}.`);
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
