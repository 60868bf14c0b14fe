/**
 * Lets the writer of the document see which fields may be left out. It asks each field whether it takes `undefined`; an exact-optional
 * one says no: it may be absent, but is never `undefined`. While the document is written such fields say yes. The validators don't
 * ask a field in this way.
 */
import * as z from "zod";

const isSchema = (value: object): value is z.ZodType => "_zod" in value;

/** Every exact-optional schema within, wherever it stands. */
const collect = (value: unknown, seen: Set<object>): readonly z.ZodExactOptional[] => {
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  const inner = isSchema(value) ? Object.values(value._zod.def) : Object.values(value);
  return [
    ...(value instanceof z.ZodExactOptional ? [value] : []),
    ...inner.flatMap((one: unknown) => collect(one, seen)),
  ];
};

/** @param where what holds the schemas: the definitions of a registry */
export const withExactOptionals = <Result>(where: unknown, write: () => Result): Result => {
  const fields = collect(where, new Set());
  for (const field of fields) {
    const ask = field.safeParse.bind(field);
    const answer: typeof ask = (given, params) =>
      given === undefined ? { success: true, data: undefined } : ask(given, params);
    Object.defineProperty(field, "safeParse", { value: answer, configurable: true });
  }
  try {
    return write();
  } finally {
    // What lies beneath, of the class, answers again.
    for (const field of fields) Reflect.deleteProperty(field, "safeParse");
  }
};
