/** The original is never ended by us; after a switch it rests until its cool-off is over, else it runs. */
import { isKept, type Promised } from "./promise.ts";

export const originalIsKept: Promised = {
  atMoment: ({ original }, { excused }) =>
    isKept(original) || excused.has("original") ? [] : [`the original is ${original}`],
  atEnd: ({ ending: { original }, end }) => {
    // Held: the owner may have started it; that we never do is judged of each call.
    if (end === "OTHERWISE" || end === "HELD") return [];
    const wanted = end === "SWITCHED" ? "stopped" : "running";
    return [
      ...(original?.state === wanted ? [] : [`the original is ${original?.state ?? "gone"}`]),
      ...(end === "SWITCHED" && original?.tags["spot-optimizer:retire-after"] === undefined
        ? ["no retirement tag"]
        : []),
    ];
  },
};
