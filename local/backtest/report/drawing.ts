/** What all drawings of the report share: their width, a name for who can't see them, and quiet axes. */
import { svgOf } from "../../plot/svg.ts";
import { drawing, type Markup } from "./markup.ts";

/** Of every drawing, in its own pixels. The page scales it, by 0.8 on a screen of 700 pixels. */
export const chartWidth = 840;

interface Words {
  readonly title: string;
  /** What the picture says, for who can't see it. */
  readonly description: string;
}

/** Colours are variables of the page's style, `var(--ours)`, so that they follow light and dark. */
export const chart = (
  { title, description }: Words,
  options: Parameters<typeof svgOf>[0],
): Markup =>
  drawing(svgOf({ width: chartWidth, ...options }), {
    role: "img",
    "aria-label": title,
    "aria-description": description,
  });

/** Of axes and of what is written beside them. */
export const quiet = { fill: "var(--faint)", fontSize: 12 } as const;

/** The marks draw lines where some are wanted. */
export const quietAxis = { ...quiet, tickSize: 0, label: null } as const;

/** Texts longer than so many pixels are cut, and tell the whole to a mouse. */
export const cutAt = (pixels: number, fontSize = 13) =>
  ({ lineWidth: pixels / fontSize, textOverflow: "ellipsis-middle" }) as const;

/** Ours stand out. */
export const inkOf = ({ isOurs }: { readonly isOurs: boolean }) =>
  isOurs
    ? ({ fill: "var(--ours)", fontWeight: 700 } as const)
    : ({ fill: "var(--ink)", fontWeight: 400 } as const);
