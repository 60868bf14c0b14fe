/** How IAM compares text with a pattern: `*` stands for any number of characters, `?` for one. */

type Flags = "" | "i";

const compiled: Readonly<Record<Flags, Map<string, RegExp>>> = { "": new Map(), i: new Map() };

/** @param any what a wildcard stands for, once */
const sourceOf = (pattern: string, any: string): string =>
  pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("*", `${any}*`)
    .replaceAll("?", any);

const regExpOf = (pattern: string, flags: Flags): RegExp => {
  const known = compiled[flags].get(pattern);
  if (known !== undefined) return known;
  const made = new RegExp(`^${sourceOf(pattern, ".")}$`, flags);
  compiled[flags].set(pattern, made);
  return made;
};

/** Actions don't depend on letter case. */
export const actionMatches = (pattern: string, action: string): boolean =>
  regExpOf(pattern, "i").test(action);

/** StringLike: letter case counts. */
export const textLike = (pattern: string, text: string): boolean =>
  regExpOf(pattern, "").test(text);

/** `arn`, partition, service, region and account; the rest may hold colons of its own. */
const partsBeforeRest = 5;

const arns = new Map<string, RegExp>();

const arnRegExpOf = (pattern: string): RegExp => {
  const known = arns.get(pattern);
  if (known !== undefined) return known;
  const parts = pattern
    .split(":")
    .map((part, index) => sourceOf(part, index < partsBeforeRest ? "[^:]" : "."));
  const made = new RegExp(`^${parts.join(":")}$`);
  arns.set(pattern, made);
  return made;
};

/**
 * ArnLike: each of the six parts is compared by itself, so that a wildcard doesn't reach over a colon into another
 * account; letter case counts (IAM user guide, condition operators).
 */
export const arnLike = (pattern: string, arn: string): boolean =>
  pattern === arn || arnRegExpOf(pattern).test(arn);
