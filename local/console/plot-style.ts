/** The style that Observable Plot writes into each drawing, by its hash: the page's policy admits no other. */
import { hash } from "node:crypto";
import { svgOf } from "../plot/svg.ts";

/** `sha256-…` */
export const plotStyleHash = (): string => {
  const text = /<style>(?<text>[^<]*)<\/style>/.exec(svgOf({}))?.groups?.text;
  if (text === undefined) throw new Error("Plot has written no style.");
  return `sha256-${hash("sha256", text, "base64")}`;
};
