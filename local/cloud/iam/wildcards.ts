/** How IAM compares text with a pattern: `*` stands for any number of characters, `?` for one. */

const compiled = new Map<string, RegExp>();

const regExpOf = (pattern: string, flags: "" | "i"): RegExp => {
  const key = `${flags}:${pattern}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const made = new RegExp(`^${source}$`, flags);
  compiled.set(key, made);
  return made;
};

/** Actions don't depend on letter case. */
export const actionMatches = (pattern: string, action: string): boolean =>
  regExpOf(pattern, "i").test(action);

/** StringLike: letter case counts. */
export const textLike = (pattern: string, text: string): boolean =>
  regExpOf(pattern, "").test(text);

/** `arn`, partition, service, region, account, and the rest, which may hold colons of its own. */
const partsOf = (arn: string): readonly string[] => {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
};

/**
 * ArnLike: each of the six parts is compared by itself, so that a wildcard doesn't reach over a colon into another
 * account; letter case counts (IAM user guide, condition operators).
 */
export const arnLike = (pattern: string, arn: string): boolean => {
  const wanted = partsOf(pattern);
  const found = partsOf(arn);
  return wanted.every((part, index) => regExpOf(part, "").test(found[index] ?? ""));
};
