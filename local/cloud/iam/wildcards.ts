/** How IAM compares text with a pattern: `*` stands for any number of characters, `?` for one. */

type Flags = "" | "i";

const compiled: Readonly<Record<Flags, Map<string, RegExp>>> = { "": new Map(), i: new Map() };

const regExpOf = (pattern: string, flags: Flags): RegExp => {
  const known = compiled[flags].get(pattern);
  if (known !== undefined) return known;
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const made = new RegExp(`^${source}$`, flags);
  compiled[flags].set(pattern, made);
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

const parted = new Map<string, readonly string[]>();

/** Policies are few and weighed at each call. */
const patternsOf = (pattern: string): readonly string[] => {
  const known = parted.get(pattern) ?? partsOf(pattern);
  parted.set(pattern, known);
  return known;
};

/**
 * ArnLike: each of the six parts is compared by itself, so that a wildcard doesn't reach over a colon into another
 * account; letter case counts (IAM user guide, condition operators).
 */
export const arnLike = (pattern: string, arn: string): boolean => {
  if (pattern === arn) return true;
  const found = partsOf(arn);
  return patternsOf(pattern).every(
    (part, index) =>
      part === "*" || part === found[index] || regExpOf(part, "").test(found[index] ?? ""),
  );
};
