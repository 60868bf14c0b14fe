/** Did it end well? All promises at once, as sentences that are broken. */
import { onlyForward } from "../../core/model/held-reason.ts";
import { lastResolution } from "../../core/model/resolution.ts";
import type { Ending, Lab } from "./contract.ts";
import type { Judged } from "./promises/promise.ts";
import { promises } from "./promises/promises.ts";

const ends: Readonly<Partial<Record<Ending["status"], Judged["end"]>>> = {
  SWITCHED: "SWITCHED",
  FELL_BACK: "SWITCHED",
  ADOPTED: "ADOPTED",
  ROLLED_BACK: "AS_IT_WAS",
  STAYED: "AS_IT_WAS",
  REFUSED: "AS_IT_WAS",
  SHADOWED: "AS_IT_WAS",
  AWAITING_APPROVAL: "AS_IT_WAS",
  DEGRADED: "AS_IT_WAS",
};

const endOf = ({ status, evaluation: { outcome } }: Ending): Judged["end"] => {
  if (outcome?.isHeld !== true) return ends[status] ?? "OTHERWISE";
  return outcome.reason === onlyForward ? "FORWARD" : "HELD";
};

/** A person has said so. */
const adoptedIn = ({ control }: Lab, { evaluation }: Ending): Judged["server"] => {
  const resolution = lastResolution(evaluation);
  return resolution?.kind === "ADOPT" && resolution.serving !== undefined
    ? control.find(resolution.serving)
    : undefined;
};

const serverOf = (lab: Lab, ending: Ending, end: Judged["end"]): Judged["server"] => {
  const { original, replacements, swap } = ending;
  const running = replacements.filter(({ state }) => state === "running");
  switch (end) {
    case "SWITCHED":
      return running[0];
    case "ADOPTED":
      return adoptedIn(lab, ending);
    case "HELD":
      // Another one may still be held beside it.
      return running.find(({ instanceId }) => instanceId === swap?.replacement?.instanceId);
    case "AS_IT_WAS":
      return original?.state === "running" ? original : undefined;
    case "FORWARD":
    case "OTHERWISE":
      return undefined;
  }
};

/**
 * Empty when it ended well: switched, everything as it was, or held for a person; at no instant was anything in danger.
 */
export const complaintsAbout = async (lab: Lab, ending: Ending): Promise<readonly string[]> => {
  const end = endOf(ending);
  const judged = { lab, ending, end, server: serverOf(lab, ending, end) };
  const sentences = [...lab.watch.broken];
  for (const { atEnd } of promises) sentences.push(...((await atEnd?.(judged)) ?? []));
  return sentences;
};
