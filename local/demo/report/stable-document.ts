/**
 * Makes two runs of the demo comparable: each id and each instant is replaced by its kind and the order in which it first
 * appears, so that only a difference in behaviour shows. Durations, counts and prices stay as they are.
 */

/** ISO 8601 in UTC, as the product writes instants. */
const instant = String.raw`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z`;

/** 32-bit and longer hexadecimal ids of EC2, and the 20 characters of our own: `i-0db4…`, `evl-ddj4…`. */
const id = String.raw`\b(?:i|vol|eni|eipalloc|eipassoc|ami|snap|subnet|vpc|sg|r|lt|replacevol)-[0-9a-f]{8,17}\b|\b(?:apr|evl|tgt|wst)-[0-9a-z]{20}\b`;

/** SHA-256 in base64url, of what names ids. It has a digit, which the name of an operation has not. */
const hashLength = 43;
const hash = String.raw`(?<=")(?=[\w-]*\d)[\w-]{${String(hashLength)}}(?=")`;

/** What an ARN of a target group ends with. */
const targetGroup = String.raw`(?<=\btargetgroup\/[\w-]{1,32}\/)[0-9a-f]{16}\b`;

const address = String.raw`\b(?:\d{1,3}\.){3}\d{1,3}\b`;

const changing = new RegExp(`${instant}|${hash}|${id}|${address}|${targetGroup}`, "g");

const kindOf = (text: string): string => {
  if (text.length === hashLength) return "hash";
  if (/^\d+\./.test(text)) return "address";
  if (/^[0-9a-f]{16}$/.test(text)) return "targetgroup";
  return /^\d/.test(text) ? "instant" : text.slice(0, text.indexOf("-"));
};

/** Works on the text of a JSON document; what it replaces never holds a character that JSON escapes. */
export const stableText = (text: string): string => {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  return text.replaceAll(changing, (found) => {
    const known = names.get(found);
    if (known !== undefined) return known;
    const kind = kindOf(found);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const name = `<${kind} ${String(count)}>`;
    names.set(found, name);
    return name;
  });
};
