/** The verdict on a group of which no member is to go: whom it leaves alone, and why. */
import type { EvaluationKind } from "../../model/evaluation-kind.ts";
import type { GroupFacts } from "../../model/group.ts";
import type { Verdict } from "../../model/verdict.ts";
import { counted } from "../offers/figures.ts";
import type { KeptMember } from "./convertible.ts";

const namedAtMost = 5;

/** @param verdict of the group as a whole: its marks stay */
export const nothingToConvert = (
  verdict: Verdict,
  {
    group,
    kept,
    kind,
  }: {
    readonly group: GroupFacts;
    readonly kept: readonly KeptMember[];
    readonly kind: EvaluationKind;
  },
): Verdict => {
  const { savings: _none, ...others } = verdict;
  const named = kept
    .slice(0, namedAtMost)
    .map(({ instanceId, because }) => `${instanceId} ${because}`);
  const rest = kept.length > named.length ? ` and ${String(kept.length - named.length)} more` : "";
  const why = named.length === 0 ? "" : ` Left alone: ${named.join("; ")}${rest}.`;
  const all = counted(group.members.length, "member");
  if (kind === "RECOVER") {
    return {
      ...others,
      kind: "STAY",
      reason: "NOT_INTERRUPTED",
      sentence: `Of ${all} of group ${group.asgName} EC2 takes none back that a switch has brought: there is nothing to launch anew.${why}`,
      offers: [],
    };
  }
  const target = kind === "FALL_BACK" ? "On-Demand" : "Spot";
  return {
    ...others,
    kind: "STAY",
    reason: "NOTHING_TO_CONVERT",
    sentence: `Of ${all} of group ${group.asgName} none is to go to ${target}: they stand there, are its On-Demand base, or are not to be touched.${why}`,
    offers: [],
  };
};
