/**
 * Lets dynalite's queries give back what they have read with. Its streams end an iterator by `return`, which abstract-level's iterators
 * do not have: each stays in memory until the database is closed, some 400 bytes a query and what it has read ahead.
 */
import { createRequire } from "node:module";

interface Iterator {
  return?: () => Promise<void>;
  close(): Promise<void>;
}

interface AbstractLevel {
  readonly AbstractValueIterator: { readonly prototype: Iterator };
  readonly AbstractKeyIterator: { readonly prototype: Iterator };
}

const require = createRequire(import.meta.url);

/** Of the databases that dynalite itself has loaded, in files and in memory. */
export const closeIterators = (): void => {
  const fromDynalite = createRequire(require.resolve("dynalite"));
  const { AbstractKeyIterator, AbstractValueIterator } = fromDynalite(
    "abstract-level",
  ) as AbstractLevel;
  for (const { prototype } of [AbstractKeyIterator, AbstractValueIterator]) {
    prototype.return ??= function close(this: Iterator): Promise<void> {
      return this.close();
    };
  }
};
