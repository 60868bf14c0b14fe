/** Hatching: what tells two areas apart where their colours alone must not. */
import type { RenderFunction } from "@observablehq/plot";

/** Names of patterns are the document's: each chart's are its own. */
let hatches = 0;

interface Hatch {
  /** As `fill` of a mark. */
  readonly fill: string;
  /** One of the chart's marks, before those that are filled with it. */
  readonly mark: RenderFunction;
}

const svg = "http://www.w3.org/2000/svg";

/** Strokes from the lower left. @param color `var(--bad)`, one of the tokens */
export const hatch = (color: string): Hatch => {
  hatches += 1;
  const id = `hatch-${String(hatches)}`;
  return {
    fill: `url(#${id})`,
    mark: (...[, , , , { document }]: Parameters<RenderFunction>) => {
      const group = document.createElementNS(svg, "g");
      const pattern = document.createElementNS(svg, "pattern");
      const stroke = document.createElementNS(svg, "path");
      for (const [name, value] of Object.entries({
        id,
        width: "6",
        height: "6",
        patternUnits: "userSpaceOnUse",
        patternTransform: "rotate(45)",
      })) {
        pattern.setAttribute(name, value);
      }
      stroke.setAttribute("d", "M0 0V6");
      stroke.setAttribute("stroke", color);
      stroke.setAttribute("stroke-width", "4");
      pattern.append(stroke);
      group.append(pattern);
      return group;
    },
  };
};
