/** For objects whose optional members must be absent where there is no value, not undefined. */

type WithoutUndefined<T> = {
  [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key];
} & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

/** The members that have a value. */
export const withoutUndefined = <T extends object>(members: T): WithoutUndefined<T> => {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) kept[name] = value;
  return kept as WithoutUndefined<T>;
};
