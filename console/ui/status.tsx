/** A status in one word, with its icon and its colour: none of them stands alone. */
import type { JSX } from "preact";
import { Icon, type IconName } from "./icons.tsx";

export type Tone = "bad" | "good" | "hold" | "idle" | "run" | "shadow";

export interface StatusMark {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
}

interface StatusProps {
  readonly mark: StatusMark;
  /** On its tint, where it leads a row or a page. */
  readonly isPill?: boolean;
}

export const Status = ({
  mark: { word, icon, tone },
  isPill = false,
}: StatusProps): JSX.Element => (
  <span class={`status ${tone}${isPill ? " pill" : ""}`}>
    <Icon name={icon} />
    {word}
  </span>
);
