/** HTML as strings. Text is escaped by construction: only `element` and `drawing` make markup. */

export interface Markup {
  readonly markup: string;
}

/** Strings are text, and are escaped. */
export type Child = Markup | string;

type Attributes = Readonly<Record<string, string | undefined>>;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** What XML does not allow at all: a trace's name may come from any file. */
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const allowed = (text: string): string => text.replace(forbidden, "\ufffd");

const escaped = (text: string): string =>
  allowed(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

const attributesText = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? "" : ` ${name}="${escaped(value)}"`))
    .join("");

const childText = (child: Child): string =>
  typeof child === "string" ? escaped(child) : child.markup;

/** Elements that HTML never closes. They are written so that XML can read them too. */
const isVoid = (name: string): boolean => name === "meta" || name === "br";

/** Attributes that are undefined are left out. */
export const element = (
  name: string,
  attributes: Attributes,
  ...children: readonly Child[]
): Markup => {
  const start = `<${name}${attributesText(attributes)}`;
  const end = isVoid(name) ? "/>" : `>${children.map(childText).join("")}</${name}>`;
  return { markup: start + end };
};

/** Several without an element around them. */
export const fragment = (children: readonly Child[]): Markup => ({
  markup: children.map(childText).join(""),
});

export const nothing: Markup = { markup: "" };

/** A style sheet of our own, which HTML does not unescape. */
export const styleElement = (css: string): Markup => ({ markup: `<style>${css}</style>` });

/** An SVG that a library has drawn and escaped, with further attributes. */
export const drawing = (svg: string, attributes: Attributes): Markup => ({
  markup: allowed(svg).replace("<svg", () => `<svg${attributesText(attributes)}`),
});
