/** Says of a group that would switch what a look at it has found. */
import type { PreflightRow } from "../../../core/model/preflight.ts";
import type { TargetOf } from "../../../core/model/target.ts";
import type { Asking } from "../../fleet/asking.ts";
import { lookAtGroup } from "../../fleet/look-at-group.ts";
import type { Candidate, Judging } from "./judge.ts";

export const rowOfGroup = async (
  asking: Asking,
  judging: Judging,
  candidate: Candidate & { readonly target: TargetOf<"CLUSTER"> },
): Promise<PreflightRow> => {
  const look = await lookAtGroup(
    asking,
    candidate.target,
    async (known) => (await judging.row(candidate, known)).outcome !== "WONT",
  );
  return judging.row(candidate, look);
};
