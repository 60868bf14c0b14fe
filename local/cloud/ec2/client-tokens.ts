/** The form in which two requests with one client token are compared: sorted keys, without what never counts. */

const ignored = new Set(["ClientToken", "DryRun", "$metadata"]);

const canonical = (value: unknown): unknown => {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, each]) => each !== undefined && !ignored.has(name))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, each]) => [name, canonical(each)]),
  );
};

export const canonicalParameters = (parameters: object): string =>
  JSON.stringify(canonical(parameters));
