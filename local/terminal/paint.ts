/** Colour for terminals; plain text everywhere else. */
import { styleText } from "node:util";

/** RUN: it is being worked on. SHADOW: as if. */
export type Tone = "strong" | "faint" | "good" | "warning" | "bad" | "run" | "shadow";

export type Paint = (tone: Tone, text: string) => string;

const formats = {
  strong: "bold",
  faint: "dim",
  good: "green",
  warning: "yellow",
  bad: "red",
  run: "blue",
  shadow: "magenta",
} as const satisfies Record<Tone, string>;

export const plainPaint: Paint = (_tone, text) => text;

export const colourPaint: Paint = (tone, text) =>
  styleText(formats[tone], text, { validateStream: false });
