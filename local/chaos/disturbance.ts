/** What can happen in the middle of a switch, by itself or by somebody's hand: drawn, and let happen. */
import type { Random } from "../cloud/random.ts";
import type { Lab } from "../lab/contract.ts";
import type { WatchedTable } from "../lab/harm.ts";
import { at } from "../lab/scenarios.ts";

/** Where it happens. */
export interface Scene {
  readonly lab: Lab;
  /** The functions' own. */
  readonly table: WatchedTable;
  /** What the owner did with these is his: the judge leaves it out. */
  readonly forgive: (complaint: RegExp) => void;
  /** Nobody could note when somebody served again: the downtime in the record may be longer than it was. */
  readonly forgiveLateness: () => void;
}

export interface Disturbance {
  /** For whoever repeats the case. */
  readonly sentence: string;
  readonly begin: (scene: Scene) => void;
}

export type Kind = (random: Random) => Disturbance;

/** A switch makes 10 to 25 of these. */
export const mostMutations = 25;

/** Right after one of our changing calls. */
export const afterCall =
  (what: string, act: (scene: Scene, random: Random) => void | Promise<void>): Kind =>
  (random) => {
    const nth = random.integer(1, mostMutations);
    const inside = random.fork("act");
    return {
      sentence: `${what} after changing call ${String(nth)}`,
      begin: (scene) => {
        at(scene.lab, { nth }, { when: "after", what: () => act(scene, inside) });
      },
    };
  };
