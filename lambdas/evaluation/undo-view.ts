/**
 * What an invocation of an undo knows of the world: each part is read on its own, kept, and read again when an action may
 * have changed it, or when all must be new.
 */
import { hash } from "node:crypto";
import { canonicalJson } from "../../core/canonical.ts";
import type { Intent } from "../../core/model/intent.ts";

/** How each part of a mode's world is read. They do not rest on one another, and are read at the same time. */
export type PartReaders<World extends object> = {
  readonly [Part in keyof World]-?: (intents: readonly Intent[]) => Promise<World[Part]>;
};

export interface UndoView<World extends object> {
  /** Reads these parts anew. */
  read: (parts: readonly (keyof World)[], intents: readonly Intent[]) => Promise<void>;
  /** The world, with what was not read yet in this invocation; a part that is read on demand alone is not. */
  whole: (intents: readonly Intent[]) => Promise<World>;
  /** The world, with all of it read since the last action. */
  fresh: (intents: readonly Intent[]) => Promise<World>;
  /** Was all of it read since the last action? */
  isFresh: () => boolean;
  /** Something was changed: what was read before may no longer be true. */
  outdate: () => void;
  /** Those of the names that are parts of this world. */
  partsNamed: (names: readonly string[]) => readonly (keyof World)[];
  /** Equal prints: these parts look the same. */
  printOf: (parts: readonly (keyof World)[]) => string;
}

/** @param onDemand parts that are read where `read` names them, and are kept fresh from then on */
export const createView = <World extends object>(
  readers: PartReaders<World>,
  onDemand: readonly (keyof World)[] = [],
): UndoView<World> => {
  const parts = Object.keys(readers) as (keyof World)[];
  const known = new Map<keyof World, World[keyof World]>();
  const fresh = new Set<keyof World>();
  const isOutdated = (part: keyof World): boolean =>
    !fresh.has(part) && (known.has(part) || !onDemand.includes(part));
  const read: UndoView<World>["read"] = async (asked, intents) => {
    const readings = await Promise.all(
      asked.map(async (part) => [part, await readers[part](intents)] as const),
    );
    for (const [part, reading] of readings) {
      known.set(part, reading);
      fresh.add(part);
    }
  };
  const worldWithout = async (
    missing: readonly (keyof World)[],
    intents: readonly Intent[],
  ): Promise<World> => {
    await read(missing, intents);
    return Object.fromEntries(known) as World;
  };
  return {
    read,
    whole: (intents) =>
      worldWithout(
        parts.filter((part) => !known.has(part) && !onDemand.includes(part)),
        intents,
      ),
    fresh: (intents) => worldWithout(parts.filter(isOutdated), intents),
    isFresh: () => !parts.some(isOutdated),
    outdate: () => {
      fresh.clear();
    },
    partsNamed: (names) => parts.filter((part) => names.includes(String(part))),
    printOf: (asked) => {
      const readings = parts
        .filter((part) => asked.includes(part))
        .map((part) => [part, known.get(part) ?? null]);
      return hash("sha256", canonicalJson(readings));
    },
  };
};
