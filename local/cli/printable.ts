/**
 * Makes text of the API safe for a terminal: names and tags come from anybody who may tag an instance, and an escape sequence in one could
 * hide a line, or write another one.
 */

/** C0 and C1 controls, DEL, marks that turn the direction of writing, and separators that begin a line. */
const unsafe = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const escaped = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** On one line: line ends and tabs become blanks, other controls are spelled. */
export const printable = (text: string): string =>
  text.replaceAll(/[\t\r\n]+/g, " ").replaceAll(unsafe, escaped);

/** Of several lines, which stay. */
export const printableLines = (text: string): string =>
  text.replaceAll(unsafe, (character) => (character === "\n" ? character : escaped(character)));

/** Each text within a JSON value, names of members included. */
export const printableValue = (value: unknown): unknown => {
  if (typeof value === "string") return printable(value);
  if (Array.isArray(value)) return value.map(printableValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [printable(name), printableValue(inner)]),
  );
};

/** One JSON document of one line or more, its values unchanged. JSON itself escapes C0 alone. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent).replaceAll(unsafe, (character) =>
    character === "\n" ? character : escaped(character),
  );
