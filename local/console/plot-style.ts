/** The style that Observable Plot writes into each drawing, by its hash: the page's policy admits no other. */
import { createHash } from "node:crypto";
import { plot } from "@observablehq/plot";
import { DOMParser } from "linkedom";

/** As console/charts names its drawings: with one name the text is always the same. */
const className = "plot";

/** `sha256-…` */
export const plotStyleHash = (): string => {
  const document: unknown = new DOMParser().parseFromString("<html></html>", "text/html");
  const text = /<style>(?<text>[^<]*)<\/style>/.exec(String(plot({ document, className })))?.groups
    ?.text;
  if (text === undefined) throw new Error("Plot has written no style.");
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
};
