/** Observable Plot without a browser: a drawing as the text of its SVG. */
import { plot, type PlotOptions } from "@observablehq/plot";
import { DOMParser } from "linkedom";

/** As console/charts names its drawings: with one name the style in them is always the same. */
const className = "plot";

/** Plot names each mark for a screen reader. A name needs a role, and what is seen the drawing as a whole says. */
const markNames = /(?<=<g\b[^>]*) aria-label="[^"]*"/g;

/** Words of the drawing itself are for who shows it: here they would not be escaped as HTML needs it. */
type DrawingOptions = Omit<
  PlotOptions,
  "document" | "className" | "figure" | "ariaLabel" | "ariaDescription"
>;

/** Texts in it are escaped. The same options give the same bytes, unless marks are clipped: Plot counts the clips of a process. */
export const svgOf = (options: DrawingOptions): string => {
  const document: unknown = new DOMParser().parseFromString("<html></html>", "text/html");
  return String(plot({ ...options, document, className, figure: false })).replaceAll(markNames, "");
};
