/** Says that nothing optional is left out of a sample: a field that comes later must be filled in, or the tests don't compile. */
export type Full<T> = T extends string | number | boolean | null | undefined
  ? T
  : { [Key in keyof T]-?: Full<Exclude<T[Key], undefined>> };
