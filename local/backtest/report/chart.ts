/** What all charts share: the canvas, axes, and the width of a text. */
import { element, type Child, type Markup } from "./markup.ts";

/** Width of every drawing in its own pixels. The page scales it, by 0.8 on a screen of 700 pixels. */
export const chartWidth = 840;

/** Rough advance of a character as a share of the font's size; wide fonts are reckoned with. */
const narrow = /[iljtfrI.,:;|'()[\] !/-]/;
const wide = /[mwMWOQ@%—]/;
const advance = (sign: string): number => (narrow.test(sign) ? 0.4 : wide.test(sign) ? 0.88 : 0.62);

/** Estimated, on the generous side: nothing can be measured without a browser. */
export const textWidth = (text: string, fontSize = 13): number =>
  Array.from(text).reduce((sum, sign) => sum + advance(sign), 0) * fontSize;

/** Cut to the width, with an ellipsis. */
export const fitted = (text: string, width: number): string => {
  if (textWidth(text) <= width) return text;
  let kept = text;
  while (kept.length > 1 && textWidth(`${kept}…`) > width) kept = kept.slice(0, -1);
  return `${kept}…`;
};

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const textAt = ({ x, y }: Point, className: string, text: string): Markup =>
  element("text", { x, y, class: className === "" ? undefined : className }, text);

export interface Line {
  readonly from: Point;
  readonly to: Point;
}

export const lineOf = ({ from, to }: Line, className: string): Markup =>
  element("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, class: className });

export interface ChartFrame {
  /** Unique on the page. */
  readonly id: string;
  readonly height: number;
  readonly title: string;
  /** What the picture says, for who can't see it. */
  readonly description: string;
}

export const chart = (
  { id, height, title, description }: ChartFrame,
  children: readonly Child[],
): Markup =>
  element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${String(chartWidth)} ${String(Math.ceil(height))}`,
      role: "img",
      "aria-labelledby": `${id}-title ${id}-desc`,
    },
    element("title", { id: `${id}-title` }, title),
    element("desc", { id: `${id}-desc` }, description),
    ...children,
  );
