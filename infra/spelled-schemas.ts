/** The schemas of an SDK client as a bundle has them: spelled out in one text, of which each is read when it is first asked for. */

/** What the SDK asks for a schema: the same array each time, since it keeps there what it has derived of it. */
type AskedSchema = () => readonly unknown[];

/** A schema that another refers to: `"&Placement"`. By itself, the namespace. */
export const reference = "&";

/** `3,"Placement",0,["Tenancy"],[0]`: kind, name and traits, then what it is made of. */
const byName = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split("\n").map((line) => {
      const begin = line.indexOf('"') + 1;
      return [line.slice(begin, line.indexOf('"', begin)), line];
    }),
  );

/** @param spelled a schema a line, in the notation of JSON, without the brackets around it and the namespace in it */
export const schemasOf = (
  spelled: () => string,
  namespace: string,
): ((name: string) => AskedSchema) => {
  const asked = new Map<string, AskedSchema>();
  let lines: ReadonlyMap<string, string> | undefined;

  const resolve = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(resolve);
    if (part === reference) return namespace;
    return typeof part === "string" && part.startsWith(reference)
      ? schema(part.slice(reference.length))
      : part;
  };
  const read = (name: string): readonly unknown[] => {
    lines ??= byName(spelled());
    const line = lines.get(name);
    if (line === undefined) throw new Error(`${namespace} has no schema ${name} in this bundle.`);
    const [kind, itself, traits, ...parts] = JSON.parse(`[${line}]`) as readonly unknown[];
    return [kind, namespace, itself, traits, ...parts.map(resolve)];
  };
  const schema = (name: string): AskedSchema => {
    const known = asked.get(name);
    if (known !== undefined) return known;
    let made: readonly unknown[] | undefined;
    const ask = (): readonly unknown[] => (made ??= read(name));
    asked.set(name, ask);
    return ask;
  };
  return schema;
};
