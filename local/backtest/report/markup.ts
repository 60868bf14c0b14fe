/** HTML and SVG as strings. Text is escaped by construction: only `element` makes markup. */

export interface Markup {
  readonly markup: string;
}

/** Strings are text, and are escaped. */
export type Child = Markup | string;

type Attribute = string | number | undefined;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** What XML does not allow at all: a trace's name may come from any file. */
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const escaped = (text: string): string =>
  text.replace(forbidden, "\ufffd").replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** A hundredth of a pixel is enough. What is not a number would silently spoil a drawing, so it throws. */
const coordinate = (value: number): string => {
  if (!Number.isFinite(value)) throw new RangeError(`${String(value)} can't be drawn`);
  const rounded = Math.round(value * 100) / 100;
  return String(rounded === 0 ? 0 : rounded);
};

const attributeText = (name: string, value: Attribute): string => {
  if (value === undefined) return "";
  return ` ${name}="${typeof value === "number" ? coordinate(value) : escaped(value)}"`;
};

const childText = (child: Child): string =>
  typeof child === "string" ? escaped(child) : child.markup;

/** Elements that HTML never closes. They are written so that XML can read them too. */
const isVoid = (name: string): boolean => name === "meta" || name === "br";

/** Attributes that are undefined are left out. */
export const element = (
  name: string,
  attributes: Readonly<Record<string, Attribute>>,
  ...children: readonly Child[]
): Markup => {
  const start = `<${name}${Object.entries(attributes)
    .map(([attribute, value]) => attributeText(attribute, value))
    .join("")}`;
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
