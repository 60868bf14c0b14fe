/** Whether what was found of an account's EBS is asked again. It is a setting of a whole region, that few change, and each evaluation would ask. */
import { hoursBetween } from "../../hours.ts";

/**
 * What is otherwise by then is found out by a launch or an image that EC2 refuses, before anything is given up.
 */
const believedHours = 24;

/** @param foundAt ISO 8601; undefined: it was never found so */
export const isStillBelieved = (foundAt: string | undefined, now: Date): boolean =>
  foundAt !== undefined && hoursBetween(foundAt, now.toISOString()) < believedHours;
