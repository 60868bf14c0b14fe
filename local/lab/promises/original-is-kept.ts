/** The original is never ended by us, unless it is a Spot Instance that goes back; after a switch it rests until its cool-off is over, else it runs. */
import type { InstanceSummary } from "../../cloud/ec2/control-reads.ts";
import { isKept, type Promised } from "./promise.ts";

const ifNot = (wanted: string, original: InstanceSummary | undefined): readonly string[] =>
  original?.state === wanted ? [] : [`the original is ${original?.state ?? "gone"}`];

const ofSwitched = (original: InstanceSummary | undefined): readonly string[] => [
  ...ifNot("stopped", original),
  ...(original?.tags["spot-optimizer:retire-after"] === undefined ? ["no retirement tag"] : []),
];

/** A one-time Spot Instance can't be stopped: that it ends last is judged of the call. */
const ofGoneBack = (original: InstanceSummary | undefined): readonly string[] =>
  original === undefined ? [] : ifNot("terminated", original);

export const originalIsKept: Promised = {
  atMoment: ({ original }, { excused, subject: { goesBack } }) =>
    isKept(original) || excused.has("original") || goesBack !== undefined
      ? []
      : [`the original is ${original}`],
  atEnd: ({ ending: { original }, end, lab: { goesBack, recovers } }) => {
    // EC2 has taken it.
    if (recovers === true) return [];
    // Held: the owner may have started it; that we never do is judged of each call.
    if (end === "OTHERWISE" || end === "HELD" || end === "FORWARD" || end === "ADOPTED") return [];
    if (end !== "SWITCHED") return ifNot("running", original);
    return goesBack === undefined ? ofSwitched(original) : ofGoneBack(original);
  },
};
