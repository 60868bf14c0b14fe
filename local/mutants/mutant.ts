/** What a mutant is: one rule of the product taken away by a change of its source, which a test must notice. */

export interface Mutant {
  /** What the product no longer does. */
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Stands in the file once. */
  readonly from: string;
  readonly to: string;
  /** Which tests are run: paths, or parts of them, as `npm test --` takes them. */
  readonly tests: readonly string[];
}

/** @throws Error naming the mutant if what it changes doesn't stand in the source once */
export const mutate = (source: string, { name, file, from, to }: Mutant): string => {
  const found = source.split(from).length - 1;
  if (found !== 1) {
    throw new Error(
      `Mutant "${name}": what it changes stands ${String(found)} times in ${file}. Write it anew in local/mutants/.`,
    );
  }
  return source.replace(from, () => to);
};
