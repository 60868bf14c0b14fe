/** Did it end well? All promises at once, as sentences that are broken. */
import type { Ending, Lab } from "./contract.ts";
import type { Judged } from "./promises/promise.ts";
import { promises } from "./promises/promises.ts";

const endOf = ({ status, evaluation }: Ending): Judged["end"] => {
  if (evaluation.outcome?.isHeld === true) return "HELD";
  switch (status) {
    case "SWITCHED":
      return "SWITCHED";
    case "ROLLED_BACK":
    case "STAYED":
    case "REFUSED":
    case "SHADOWED":
    case "APPROVAL_REQUIRED":
    case "DEGRADED":
      return "AS_IT_WAS";
    default:
      return "OTHERWISE";
  }
};

const serverOf = (
  { original, replacements, swap }: Ending,
  end: Judged["end"],
): Judged["server"] => {
  const running = replacements.filter(({ state }) => state === "running");
  if (end === "SWITCHED") return running[0];
  // Another one may still be held beside it.
  if (end === "HELD") {
    return running.find(({ instanceId }) => instanceId === swap?.replacement?.instanceId);
  }
  return end === "AS_IT_WAS" && original?.state === "running" ? original : undefined;
};

/**
 * Empty when it ended well: switched, everything as it was, or held for a person; at no instant was anything in danger.
 */
export const complaintsAbout = async (lab: Lab, ending: Ending): Promise<readonly string[]> => {
  const end = endOf(ending);
  const judged = { lab, ending, end, server: serverOf(ending, end) };
  const sentences = [...lab.watch.broken];
  for (const { atEnd } of promises) sentences.push(...((await atEnd?.(judged)) ?? []));
  return sentences;
};
