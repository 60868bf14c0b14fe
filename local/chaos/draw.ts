/** Draws what disturbs a case. */
import { oneOf, type Random } from "../cloud/random.ts";
import type { Disturbance, Kind } from "./disturbance.ts";
import { failures } from "./failures.ts";
import { misfortunes } from "./misfortunes.ts";
import { ownersActs } from "./owner.ts";

const groups: readonly (readonly Kind[])[] = [failures, failures, misfortunes, ownersActs];

/** One to three. */
export const drawDisturbances = (random: Random): readonly Disturbance[] =>
  Array.from({ length: random.integer(1, 3) }, () => oneOf(random, oneOf(random, groups))(random));
