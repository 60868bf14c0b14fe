/** What the janitor does with an original of a group that is kept stopped, and when its time is over. */
import { judgeUseOfMember } from "../../core/decide/cluster/kept-original.ts";
import { retirementDuty } from "../evaluation/retirement-duty.ts";

export const retireMember = retirementDuty({
  successorOf: ({ swaps }, { instanceId }) =>
    Promise.resolve(swaps.find((swap) => swap.originalId === instanceId)?.replacement?.instanceId),
  whyKept: (_session, { change: { partIds = [] }, ...use }) =>
    Promise.resolve(judgeUseOfMember({ ...use, partIds })),
  // The group itself replaces a member that fails: no single copy is the last one.
  doubtAbout: () => Promise.resolve(undefined),
});
